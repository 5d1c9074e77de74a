// The inbox as its reader names it.
import { expect } from "@playwright/test";

export class Inbox {
  constructor(page) {
    this.page = page;
    this.list = page.getByRole("region", { name: "Conversation list" });
    this.rows = this.list.getByRole("list", { name: "Conversations" }).getByRole("link");
    this.connection = this.list.getByRole("status").filter({ hasText: /Live|ing…|Offline/ });
    this.log = page.getByRole("log");
    this.reply = page.getByRole("textbox", { name: /^Message to / });
  }

  async open(address = "/messaging") {
    await this.page.goto(address);
    await this.isLive();
  }

  // On a phone the list, and with it this word, is another page.
  async isLive(options) {
    await expect(this.connection).toHaveText("Live", options);
  }

  row(text) {
    return this.rows.filter({ hasText: text });
  }

  async openRow(text) {
    await this.row(text).click();
    await expect(this.log).toBeVisible();
  }

  message(text) {
    return this.log.getByRole("listitem").filter({ hasText: text });
  }

  async answer(text) {
    await this.reply.click();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }
}

// The simulator's handset of a customer.
export class Handset {
  constructor(page, world, { phone, number }) {
    this.page = page;
    this.address = `${world.simulator.baseUrl}/?${new URLSearchParams({ phone, number })}`;
    this.log = page.getByRole("log", { name: "Messages on the handset" });
    this.field = page.getByRole("textbox", { name: "Text as the customer" });
  }

  async open() {
    await this.page.goto(this.address);
    await expect(this.page.locator("html[data-ready]")).toBeAttached();
    await expect(this.page.getByText("Live", { exact: true })).toBeVisible();
  }

  async text(body) {
    await this.field.fill(body);
    await this.page.keyboard.press("Enter");
  }

  // What it received, first to last.
  get received() {
    return this.log.locator(".sms--them");
  }

  async failNext(label) {
    await this.page.getByLabel("How the next message fails").selectOption({ label });
    const button = this.page.getByRole("button", { name: "Fail the next message" });
    await button.click();
    await expect(button).toHaveAttribute("aria-pressed", "true");
  }
}
