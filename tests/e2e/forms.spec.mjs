// Before the program is there, and without script, the pages are forms that work.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A, PASSWORD } from "./support/world.mjs";

const world = useWorld();

// The program does not come before it is let go.
async function holdProgram(page) {
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  await page.route("**/*.wasm", async (route) => {
    await gate;
    await route.continue().catch(() => {});
  });
  return letGo;
}

async function sentTo(phone) {
  const texts = await world.current.conversation(phone);
  return texts.filter(({ status }) => status !== "received").map(({ body }) => body);
}

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "before the program is there" : "without script";
  test(`one signs in and replies ${how}`, async ({ openWindow, guard }) => {
    const phone = javaScriptEnabled ? "+14155550162" : "+14155550163";
    await world.current.customerTexts(phone, `Hello ${how}`);
    const page = await openWindow(world.current, { javaScriptEnabled });
    if (javaScriptEnabled) await holdProgram(page);
    await page.goto("/messaging", { waitUntil: "commit" });
    await expect(page).toHaveURL(/\/login\?next=%2Fmessaging$/);
    await page.getByLabel("Email").fill(AGENT_A.email);
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByLabel("Password", { exact: true }).press("Enter");
    await expect(page.getByRole("alert")).toContainText("password");
    await page.getByLabel("Email").fill(AGENT_A.email);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Password", { exact: true }).press("Enter");
    await expect(page).toHaveURL("/messaging");
    const inbox = new Inbox(page);
    await inbox.row(`Hello ${how}`).click();
    await inbox.reply.fill("Two\nlines");
    if (javaScriptEnabled) await inbox.reply.press("Enter");
    else await page.getByRole("button", { name: "Send" }).click();
    await expect(inbox.message("Two lines")).toBeVisible();
    await expect(inbox.reply).toHaveValue("");
    await expect.poll(() => sentTo(phone)).toEqual(["Two\nlines"]);
  });
}

test("a reply that is posted while the program comes is sent once, and what follows, too", async ({
  openWindow,
  guard,
}) => {
  guard.announce(/ERR_ABORTED POST .*\/reply/);
  const phone = "+14155550164";
  await world.current.customerTexts(phone, "Twice");
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  const { page } = inbox;
  await inbox.open();
  const address = await inbox.row("Twice").getAttribute("href");
  const letGo = await holdProgram(page);
  // The answer to the form is late, so that the program comes before it. Until it is there, the
  // tests' library waits for the next page: the page itself presses Enter, until the program has
  // taken the text, and counts how often it is there then.
  const taken = new Promise((resolve) => page.exposeFunction("taken", resolve));
  await page.addInitScript(() => {
    const enter = { key: "Enter", code: "Enter", bubbles: true, cancelable: true };
    const watch = setInterval(() => {
      if (!document.querySelector("#reply-form[data-dioxus-id]")) return;
      const field = document.querySelector("#reply");
      field.dispatchEvent(new KeyboardEvent("keydown", enter));
      const texts = [...document.querySelectorAll("[role=log] .bubble")].filter(
        (bubble) => bubble.textContent === "Sent at once",
      );
      if (field.value !== "" || texts.length === 0) return;
      clearInterval(watch);
      window.taken(texts.length);
    }, 20);
  });
  // The answer leads to the thread: the page is loaded once more.
  let loadedAgain;
  await page.route("**/reply?*", async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await taken;
    loadedAgain = page.waitForEvent("domcontentloaded");
    await route.fulfill({ response }).catch(() => {});
  });
  await page.goto(address, { waitUntil: "commit" });
  await inbox.reply.fill("Sent at once");
  await page.keyboard.press("Enter");
  letGo();
  expect(await taken).toBe(1);
  await expect.poll(() => loadedAgain).toBeTruthy();
  await loadedAgain;
  await inbox.isLive();
  await expect(inbox.message("Sent at once")).toHaveCount(1);
  await inbox.answer("And another");
  await expect(inbox.message("And another")).toContainText("Delivered");
  await expect(inbox.message("Sent at once")).toHaveCount(1);
  expect(await sentTo(phone)).toEqual(["Sent at once", "And another"]);
});

test("a form without a session gives the text back, and sends it after signing in", async ({
  openWindow,
  guard,
}) => {
  const phone = "+14155550165";
  await world.current.customerTexts(phone, "Gone");
  const page = await openWindow(world.current, { user: AGENT_A, javaScriptEnabled: false });
  const inbox = new Inbox(page);
  await page.goto("/messaging");
  await inbox.row("Gone").click();
  guard.announce(/\b401\b/);
  await page.context().clearCookies();
  await inbox.reply.fill('</textarea>"Mine" & only');
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByLabel("Your text")).toHaveValue('</textarea>"Mine" & only');
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Sign in" }).click();
  const login = await opened;
  await login.getByLabel("Email").fill(AGENT_A.email);
  await login.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await login.getByRole("button", { name: "Sign in" }).click();
  await expect(login).toHaveURL(/\/messaging\//);
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(inbox.message('"Mine" & only')).toBeVisible();
  await expect.poll(() => sentTo(phone)).toEqual(['</textarea>"Mine" & only']);
});
