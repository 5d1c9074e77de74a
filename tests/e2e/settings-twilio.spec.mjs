// Settings → Twilio: connect, set up, import, buy, route, undo, and see the simulator's account
// before and after each.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, useWorld } from "./support/test.mjs";
import { TwilioSettings } from "./support/twilio-settings.mjs";
import { ADMIN, AGENT_A, World } from "./support/world.mjs";
import { ACCOUNT_SID, AUTH_TOKEN, MAIN_LINE } from "./twilio-node/simulator.mjs";

const OLD_VOICE_URL = "https://pbx.alder.example/voice";
const MASKED_SID = "AC••••••••00aa";

// The first test begins with nothing; the others connect and import by the API, which does nothing
// where that is done already.
const world = useWorld(() => World.startUnconnected());

async function organization() {
  const [row] = await world.current.database.query("SELECT * FROM organization");
  return row;
}

async function openSettings(openWindow, options = {}) {
  const page = await openWindow(world.current, { user: ADMIN, ...options });
  const settings = new TwilioSettings(page, world.current);
  await settings.open();
  return settings;
}

// With the account connected and its numbers imported.
async function openConnected(openWindow, options = {}) {
  const page = await openWindow(world.current, { user: ADMIN, ...options });
  const post = async (path, data) => {
    const headers = { origin: world.current.server.url };
    const answer = await page.request.post(`/api/twilio/${path}`, { data, headers });
    expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
    return answer.json();
  };
  await post("connect", { account_sid: ACCOUNT_SID, auth_token: AUTH_TOKEN });
  const unsynced = await post("get-unsynced-numbers", {});
  if (unsynced.length > 0) {
    await post("sync-numbers", { twilio_sids: unsynced.map((number) => number.twilio_sid) });
    await post("check-health", {});
  }
  const settings = new TwilioSettings(page, world.current);
  await settings.open();
  await expect(settings.connection.getByText("Connected", { exact: true })).toBeVisible();
  return settings;
}

test("an account is connected, set up, used and given up again, and each step is as its plan said", async ({
  openWindow,
  guard,
}) => {
  test.slow();
  const settings = await openSettings(openWindow);
  const { page } = settings;
  const destination = `${world.current.server.url}/twilio/events`;
  await settings.changeByHand(MAIN_LINE, { settings: { voice_url: OLD_VOICE_URL } });
  await expect(settings.connection.getByText("Not connected", { exact: true })).toBeVisible();

  await test.step("a wrong token is refused and nothing is saved", async () => {
    guard.announce(/status 400: POST \S+\/api\/twilio\/connect/, /status of 400/);
    await settings.giveAccount(ACCOUNT_SID, "0".repeat(32));
    await expect(settings.connection.getByRole("alert")).toContainText("Nothing was saved.");
    await expect(page.getByLabel("Account SID")).toBeFocused();
    expect(await organization()).toMatchObject({
      byo_twilio: false,
      twilio_account_sid: null,
      twilio_auth_token: null,
    });
    guard.withdraw();
  });

  await test.step("the right one connects, and is shown nowhere", async () => {
    await settings.giveAccount(ACCOUNT_SID, AUTH_TOKEN);
    await expect(settings.connection.getByText("Connected", { exact: true })).toBeVisible();
    await expect(settings.connection).toContainText(MASKED_SID);
    const row = await organization();
    expect(row).toMatchObject({ byo_twilio: true, twilio_account_sid: ACCOUNT_SID });
    expect(JSON.stringify(row)).not.toContain(AUTH_TOKEN);
    expect(await page.content()).not.toContain(AUTH_TOKEN);
    expect(await page.content()).not.toContain(ACCOUNT_SID);
    expect(world.current.server.log()).not.toContain(AUTH_TOKEN);
    expect(await settings.changesAtTwilio()).toEqual([]);
  });

  await test.step("the event sink is planned and set up", async () => {
    expect(await settings.sinks()).toEqual([]);
    await expect(settings.forwarding.getByText("Not set up", { exact: true })).toBeVisible();
    const opener = settings.forwarding.getByRole("button", { name: "Set Up Event Sink…" });
    await opener.click();
    const dialog = settings.dialog("Set up event forwarding");
    await expect(dialog.getByText("Dry run, just now")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
    expect(await settings.sinks()).toEqual([]);

    await opener.click();
    await settings.confirm("Set up event forwarding", "Set Up Event Sink", async (plan) => {
      await expect(plan).toContainText("Will create 1 event sink, create 1 subscription");
      await expect(plan).toContainText(destination);
      await expect(plan).toContainText("webhooks stay as they are");
    });
    await expect(settings.forwarding.getByText("Active", { exact: true }).first()).toBeVisible();
    await expect(settings.forwarding).toContainText("5 of 5 types");
    await expect(settings.forwarding).toBeFocused();
    const [sink, ...others] = await settings.sinks();
    expect(others).toEqual([]);
    expect(sink).toMatchObject({ account_sid: ACCOUNT_SID, destination });
    expect(sink.subscription.types).toHaveLength(5);
  });

  await test.step("a test event is seen arriving", async () => {
    await settings.forwarding.getByRole("button", { name: "Send test event" }).click();
    await expect(settings.forwarding.getByText(/It arrived after \d+ ms/)).toBeVisible();
  });

  await test.step("two numbers are imported, and Twilio is only read", async () => {
    const before = await settings.changesAtTwilio();
    await settings.numbers.getByRole("button", { name: "Import numbers…" }).click();
    const dialog = settings.dialog("Import numbers");
    await dialog.getByRole("checkbox", { name: /555-0134/ }).check();
    await dialog.getByRole("checkbox", { name: /555-0187/ }).check();
    await dialog.getByRole("button", { name: "Import selected (2)" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("2 imported.")).toBeVisible();
    await expect(settings.number("Main line")).toContainText("pbx.alder.example");
    await expect(settings.number("Dispatch")).toBeVisible();
    await expect(settings.numbers.getByRole("row").filter({ hasText: "Toll-free" })).toHaveCount(0);
    await expect(page.getByRole("list", { name: "Sync by number" })).toContainText("Dispatch");
    expect(await settings.changesAtTwilio()).toEqual(before);
  });

  let bought;
  await test.step("a number is searched and bought once", async () => {
    await settings.numbers.getByRole("button", { name: "Buy a number…" }).click();
    const dialog = settings.dialog("Buy a number");
    await dialog.getByLabel("Area code").fill("628");
    await dialog.getByRole("button", { name: "Search" }).click();
    const first = dialog.getByRole("list", { name: "Numbers for sale" }).getByRole("listitem").first();
    await expect(first).toContainText("$1.15");
    const shown = await first.locator(".result-row__number").textContent();
    bought = `+1${shown.replace(/\D/g, "")}`;
    expect(await settings.numberAtTwilio(bought)).toBeUndefined();
    await first.getByRole("button", { name: /^Buy/ }).click();
    await settings.confirm(`Buy ${shown}`, "Buy number", async (plan) => {
      await expect(plan).toContainText("Will buy 1 number; nothing else changes");
      await expect(plan).toContainText(/Buy \(628\) .* for \$1.15 a month/);
    });
    await expect(dialog).toBeHidden();
    await expect(settings.number(shown)).toContainText("Loquent");
    expect(await settings.numberAtTwilio(bought)).toMatchObject({
      account_sid: ACCOUNT_SID,
      voice_url: `${world.current.server.url}/twilio/voice`,
    });
    const purchases = (await settings.changesAtTwilio()).filter((one) =>
      one.endsWith("/IncomingPhoneNumbers.json"),
    );
    expect(purchases).toHaveLength(1);
  });

  await test.step("the calls of a number come here and go back to where they went", async () => {
    const row = settings.number("Main line");
    await row.getByRole("button", { name: "Configure voice of Main line" }).click();
    await settings.confirm("Send calls to Main line to Loquent", "Configure voice", async (plan) => {
      await expect(plan).toContainText("Set the voice URL of Main line to Loquent");
      await expect(plan).toContainText("voice_url");
      // What stays is not told.
      await expect(plan).not.toContainText("voice_method");
      await expect(plan).toContainText(OLD_VOICE_URL);
      await expect(plan).toContainText("/twilio/voice");
    });
    await expect(row).toContainText("Was pbx.alder.example");
    expect((await settings.numberAtTwilio(MAIN_LINE)).voice_url).toBe(
      `${world.current.server.url}/twilio/voice`,
    );
    await row.getByRole("button", { name: "Restore voice of Main line" }).click();
    await settings.confirm("Restore the voice URL of Main line", "Restore previous", async (plan) => {
      await expect(plan).toContainText(OLD_VOICE_URL);
    });
    await expect(row.getByRole("button", { name: "Configure voice of Main line" })).toBeVisible();
    expect((await settings.numberAtTwilio(MAIN_LINE)).voice_url).toBe(OLD_VOICE_URL);
  });

  await test.step("the sink is undone from the account activity", async () => {
    await expect(settings.change("Bought")).toContainText(ADMIN.name);
    await settings.activity.getByRole("button", { name: /^Undo Event sink/ }).click();
    await settings.confirm(/^Undo: Event sink/, "Undo", async (plan) => {
      await expect(plan).toContainText("Will remove 1 subscription, remove 1 event sink");
    });
    await expect(settings.forwarding.getByText("Not set up", { exact: true })).toBeVisible();
    await expect(settings.change("Event sink").filter({ hasText: "Undone" }).first()).toBeVisible();
    expect(await settings.sinks()).toEqual([]);
  });

  await test.step("a number is released only once it is typed", async () => {
    const shown = `(628) ${bought.slice(5, 8)}-${bought.slice(8)}`;
    await settings.number(shown).getByRole("button", { name: /^Edit/ }).click();
    await settings.dialog(`Edit ${shown}`).getByRole("button", { name: "Release…" }).click();
    const dialog = settings.dialog(`Release ${shown}`);
    const release = dialog.getByRole("button", { name: "Release number" });
    await expect(release).toBeDisabled();
    await dialog.getByLabel("Type the number to release it").fill(shown.slice(0, -1));
    await expect(release).toBeDisabled();
    await dialog.getByLabel("Type the number to release it").fill(shown);
    await release.click();
    await expect(dialog).toBeHidden();
    await expect(settings.number(shown)).toHaveCount(0);
    expect(await settings.numberAtTwilio(bought)).toBeUndefined();
  });

  await test.step("the account is disconnected, and Twilio is not changed by that", async () => {
    const before = await settings.changesAtTwilio();
    await settings.connection.getByRole("button", { name: "Disconnect…" }).click();
    const dialog = settings.dialog("Disconnect your Twilio account?");
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await expect(dialog).toBeHidden();
    await expect(settings.connection.getByText("Not connected", { exact: true })).toBeVisible();
    expect(await organization()).toMatchObject({
      byo_twilio: true,
      twilio_account_sid: null,
      twilio_auth_token: null,
    });
    expect(await settings.changesAtTwilio()).toEqual(before);
  });
});

test("what somebody changed by hand is named and fixed through its plan", async ({
  openWindow,
  guard,
}) => {
  const settings = await openConnected(openWindow);
  await settings.number("Main line").getByRole("button", { name: /^Configure voice/ }).click();
  await settings.confirm("Send calls to Main line to Loquent", "Configure voice", async () => {});
  await settings.changeByHand(MAIN_LINE, { settings: { voice_url: "https://thief.example/v" } });
  await settings.health.getByRole("button", { name: "Check now" }).click();
  const finding = settings.health.getByRole("listitem").filter({ hasText: "Calls go elsewhere" });
  await expect(finding).toContainText("https://thief.example/v");
  await expect(settings.number("Main line")).toContainText("Changed in Twilio");
  await finding.getByRole("button", { name: /^Fix/ }).click();
  await settings.confirm("Fix Main line", "Fix", async (plan) => {
    await expect(plan).toContainText("https://thief.example/v");
  });
  await expect(finding).toHaveCount(0);
  expect((await settings.numberAtTwilio(MAIN_LINE)).voice_url).toBe(
    `${world.current.server.url}/twilio/voice`,
  );

  // What is not ours any more is not undone.
  guard.announce(/status 409: POST \S+\/undo-account-change/, /status of 409/);
  await settings.changeByHand(MAIN_LINE, { settings: { voice_url: "https://new.example/v" } });
  await settings.activity
    .getByRole("button", { name: /^Undo Voice URL of Main line/ })
    .first()
    .click();
  const dialog = settings.dialog(/^Undo: Voice URL of Main line/);
  await expect(dialog.getByRole("alert")).toContainText("changed");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  expect((await settings.numberAtTwilio(MAIN_LINE)).voice_url).toBe("https://new.example/v");
});

test("a number gets another name and another answer, and Twilio is not changed by that", async ({
  openWindow,
}) => {
  const settings = await openConnected(openWindow);
  const before = await settings.changesAtTwilio();
  await settings.number("Dispatch").getByRole("button", { name: "Edit Dispatch" }).click();
  const dialog = settings.dialog("Edit (415) 555-0187");
  await dialog.getByLabel("Name").fill("Night desk");
  await dialog.getByRole("radio", { name: /^Forward the call/ }).check();
  await dialog.getByLabel("Forward to").fill("555");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("country code");
  await dialog.getByLabel("Forward to").fill("+1 415 555 0199");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(settings.number("Night desk")).toContainText("(415) 555-0187");
  await expect(settings.page.getByRole("list", { name: "Sync by number" })).toContainText("Night desk");
  await settings.calls.getByLabel("Message", { exact: true }).fill("We call you back.");
  await settings.calls.getByRole("button", { name: "Save" }).click();
  await expect(settings.page.getByText("Saved. Callers hear the new answer.")).toBeVisible();
  expect(await settings.changesAtTwilio()).toEqual(before);
});

test("another window follows by itself, and an agent's has nothing to press", async ({
  openWindow,
}) => {
  const settings = await openConnected(openWindow);
  const agent = await openSettings(openWindow, { user: AGENT_A });
  await expect(agent.page.getByText("View only. Ask an admin to make changes.").first()).toBeVisible();
  for (const part of [
    agent.connection,
    agent.health,
    agent.forwarding,
    agent.numbers,
    agent.calls,
    agent.activity,
  ]) {
    await expect(part).toBeVisible();
    await expect(part.getByRole("button")).toHaveCount(0);
  }
  await settings.forwarding.getByRole("button", { name: "Set Up Event Sink…" }).click();
  await settings.confirm("Set up event forwarding", "Set Up Event Sink", async () => {});
  await expect(agent.forwarding).toContainText("5 of 5 types");
  await expect(agent.change("Subscription with 5 event types").first()).toContainText(ADMIN.name);
  await settings.forwarding.getByRole("button", { name: "Remove…" }).click();
  await settings.confirm("Remove event forwarding", "Remove event sink", async () => {});
  await expect(agent.forwarding.getByText("Not set up", { exact: true })).toBeVisible();
});

test("a trial account, a suspended one and a new token each say what they are", async ({
  openWindow,
}) => {
  const settings = await openConnected(openWindow);
  const account = (more) =>
    world.current.simulator.control("POST", "accounts", {
      sid: ACCOUNT_SID,
      auth_token: AUTH_TOKEN,
      friendly_name: "Alder",
      ...more,
    });
  const testConnection = settings.connection.getByRole("button", { name: "Test connection" });
  await account({ type: "Trial" });
  await testConnection.click();
  await expect(settings.connection.getByText("Trial", { exact: true })).toBeVisible();
  await expect(settings.health).toContainText("verified");
  await account({ status: "suspended" });
  await testConnection.click();
  await expect(settings.connection.getByText("Cannot be used")).toBeVisible();
  await expect(settings.connection.getByRole("alert")).toContainText("suspended");

  const token = "5e1f".repeat(8);
  // Twilio accepts both until the secondary one is promoted.
  await account({ status: "active", secondary_auth_token: token });
  await settings.connection.getByRole("button", { name: "Replace the auth token" }).click();
  const dialog = settings.dialog("Replace the auth token");
  await dialog.getByLabel("Account SID").fill(ACCOUNT_SID);
  await dialog.getByLabel("Auth token", { exact: true }).fill(token);
  await dialog.getByRole("button", { name: "Replace token" }).click();
  await expect(dialog).toBeHidden();
  await expect(settings.connection.getByText("Connected", { exact: true })).toBeVisible();
  await settings.connection.getByRole("button", { name: "Drop the old token" }).click();
  await expect(settings.page.getByText("Only the new token is accepted now.")).toBeVisible();
  await expect(settings.connection.getByText("Drop the old token")).toHaveCount(0);
  // What is not given stays, but for the secondary token.
  await account({ type: "Full" });
});

test("a failed fetch is reported and can be retried", async ({ openWindow, guard }) => {
  const settings = await openSettings(openWindow);
  const { page } = settings;
  guard.announce(/\b50[0-9]\b/);
  await page.route("**/api/settings/twilio-overview*", (route) => route.fulfill({ status: 503 }));
  await page.goto("/messaging");
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
  await page.getByRole("link", { name: "Settings" }).first().click();
  await expect(settings.connection.getByRole("alert")).toContainText("could not be loaded");
  await page.unroute("**/api/settings/twilio-overview*");
  await settings.connection.getByRole("button", { name: "Try again" }).click();
  await expect(settings.activity).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 390]) {
    test(`${colorScheme} at ${width} px: no violation, and nothing sticks out`, async ({
      openWindow,
    }, info) => {
      const settings = await openConnected(openWindow, {
        colorScheme,
        reducedMotion: "reduce",
        viewport: { width, height: 900 },
      });
      const { page } = settings;
      const check = async (name) => {
        const path = info.outputPath(`${name}.png`);
        await page.screenshot({ path, fullPage: true });
        await info.attach(name, { path, contentType: "image/png" });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0].html}`)).toEqual([]);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(over, `${name} sticks out sideways`).toBe(0);
      };
      // The page scrolls inside of the window: a window that is as high shows all of it.
      const height = await page.locator("#settings-main").evaluate((main) => main.scrollHeight);
      await page.setViewportSize({ width, height: height + 100 });
      await check("the page");
      await page.setViewportSize({ width, height: 900 });
      for (const [part, opener, title] of [
        [settings.forwarding, "Set Up Event Sink…", "Set up event forwarding"],
        [settings.numbers, "Import numbers…", "Import numbers"],
        [settings.numbers, "Buy a number…", "Buy a number"],
        [settings.connection, "Disconnect…", "Disconnect your Twilio account?"],
      ]) {
        const button = part.getByRole("button", { name: opener });
        await button.click();
        const dialog = settings.dialog(title);
        await expect(dialog).toBeVisible();
        await expect(dialog.locator('[aria-busy="true"]')).toHaveCount(0);
        if (title === "Buy a number") {
          await dialog.getByRole("button", { name: "Search" }).click();
          await expect(dialog.getByRole("listitem").first()).toBeVisible();
        }
        await check(title);
        await page.keyboard.press("Escape");
        await expect(dialog).toBeHidden();
        await expect(button).toBeFocused();
      }
    });
  }
}
