// Settings → Twilio as its reader names it, and what the simulator says about the account.
import { expect } from "@playwright/test";

export class TwilioSettings {
  constructor(page, world) {
    this.page = page;
    this.world = world;
    const part = (name) => page.getByRole("region", { name, exact: true });
    this.connection = part("Connection");
    this.health = part("Health");
    this.forwarding = part("SMS Event Forwarding");
    this.numbers = part("Phone numbers");
    this.calls = part("Calls");
    this.effects = part("What Loquent does to your Twilio account");
    this.activity = part("Account activity");
  }

  async open() {
    await this.page.goto("/settings/twilio");
    await expect(this.page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
  }

  dialog(name) {
    return this.page.getByRole("dialog", { name });
  }

  number(name) {
    return this.numbers.getByRole("row").filter({ hasText: name });
  }

  change(text) {
    return this.activity.getByRole("row").filter({ hasText: text });
  }

  async giveAccount(sid, token) {
    await this.page.getByLabel("Account SID").fill(sid);
    await this.page.getByLabel("Auth token", { exact: true }).fill(token);
    await this.page.getByRole("button", { name: "Connect account" }).click();
  }

  // Reads the plan of an action, and does it. Nothing may have been changed before.
  async confirm(title, verb, expectPlan) {
    const dialog = this.dialog(title);
    const before = await this.changesAtTwilio();
    await expect(dialog.getByText("Dry run, just now")).toBeVisible();
    await expectPlan(dialog);
    expect(await this.changesAtTwilio()).toEqual(before);
    await dialog.getByRole("button", { name: verb, exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  // Every request so far that asked Twilio for a change.
  async changesAtTwilio() {
    const { requests } = await this.world.simulator.control("GET", "requests?mutating=true");
    return requests.map(({ method, path }) => `${method} ${path}`);
  }

  async sinks() {
    const { sinks } = await this.world.simulator.control("GET", "sinks");
    return sinks;
  }

  async numberAtTwilio(number) {
    const { numbers } = await this.world.simulator.control("GET", "numbers");
    return numbers.find((one) => one.phone_number === number);
  }

  changeByHand(number, changed) {
    return this.world.simulator.control("PUT", `numbers/${encodeURIComponent(number)}`, changed);
  }
}
