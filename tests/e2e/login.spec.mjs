// Signing in and out.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A, AGENT_B, PASSWORD } from "./support/world.mjs";

const world = useWorld();

async function fillIn(page, password = PASSWORD) {
  // Before that, the browser posts the form: forms.spec.
  await expect(page.locator("form[data-dioxus-id]")).toBeVisible();
  await page.getByLabel("Email").fill(AGENT_A.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
}

const submit = (page) => page.getByRole("button", { name: "Sign in" }).click();

test("whoever is not signed in goes to the login page, and from there to where they wanted", async ({
  openWindow,
}) => {
  await world.current.customerTexts("+14155550162", "Hello there");
  const page = await openWindow(world.current);
  await page.goto("/messaging?from=a-link");
  await expect(page).toHaveURL("/login?next=%2Fmessaging%3Ffrom%3Da%2Dlink");
  await expect(page).toHaveTitle("Sign in · Loquent");
  await fillIn(page);
  await submit(page);
  await expect(page).toHaveURL("/messaging?from=a-link");
  const inbox = new Inbox(page);
  await inbox.isLive();
  await expect(inbox.row("Hello there")).toBeVisible();
});

test("a link to a conversation is opened after signing in", async ({ openWindow }) => {
  await world.current.customerTexts("+14155550163", "From a link");
  const signedIn = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await signedIn.open();
  await signedIn.openRow("From a link");
  await expect(signedIn.page).toHaveURL(/\/messaging\/[0-9a-f-]{36}$/);
  const page = await openWindow(world.current);
  await page.goto(signedIn.page.url());
  await fillIn(page);
  await page.getByLabel("Password", { exact: true }).press("Enter");
  await expect(page).toHaveURL(signedIn.page.url());
  await expect(new Inbox(page).message("From a link")).toBeVisible();
});

test("a wrong password is explained, and the email stays", async ({ openWindow, guard }) => {
  const page = await openWindow(world.current);
  await page.goto("/login");
  await fillIn(page, "wrong");
  guard.announce(/\b401\b.*\/api\/auth\/login/);
  await submit(page);
  await expect(page.getByRole("alert")).toHaveText(
    "Wrong email or password.",
  );
  await expect(page.getByLabel("Email")).toHaveValue(AGENT_A.email);
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await submit(page);
  await expect(page).toHaveURL("/messaging");
});

test("the password can be made readable", async ({ openWindow }) => {
  const page = await openWindow(world.current);
  await page.goto("/login");
  await fillIn(page);
  const field = page.getByLabel("Password", { exact: true });
  await expect(field).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(field).toHaveAttribute("type", "text");
  await expect(field).toHaveValue(PASSWORD);
});

for (const foreign of ["https://evil.example/", "//evil.example/", "/\\evil.example"]) {
  test(`a link to the login page cannot lead to ${foreign}`, async ({ openWindow }) => {
    const page = await openWindow(world.current);
    await page.goto(`/login?${new URLSearchParams({ next: foreign })}`);
    await fillIn(page);
    await submit(page);
    await expect(page).toHaveURL(`${world.current.server.url}/messaging`);
    await new Inbox(page).isLive();
  });
}

test("signing out ends the session, in all of its windows at once", async ({
  openWindow,
  guard,
}) => {
  const page = await openWindow(world.current, { user: AGENT_A });
  await new Inbox(page).open();
  const other = await page.context().newPage();
  await new Inbox(other).open();
  // Of the live connection of the other window, which is closed and tried again.
  guard.announce(/\b401\b/, /HTTP Authentication failed/);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/login");
  await page.goto("/messaging");
  await expect(page).toHaveURL(/\/login\?next=/);
  // The end of its connection or the browser's storage tells it first.
  await expect(other).toHaveURL((url) => url.pathname === "/login");
});

test("a new password is given in the account menu, and other devices are signed out", async ({
  openWindow,
  guard,
}) => {
  const fresh = "a copper kettle sings";
  const page = await openWindow(world.current, { user: AGENT_B });
  const elsewhere = await openWindow(world.current, { user: AGENT_B });
  await new Inbox(page).open();
  await new Inbox(elsewhere).open();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Change password" }).click();
  const dialog = page.getByRole("dialog", { name: "Change password" });
  const change = async (present) => {
    await dialog.getByLabel("Present password").fill(present);
    await dialog.getByLabel("New password").fill(fresh);
    await dialog.getByRole("button", { name: "Change password" }).click();
  };
  guard.announce(/\b403\b.*\/api\/auth\/password/);
  await change("not the password");
  await expect(dialog.getByRole("alert")).toHaveText("The present password is not right.");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  // Of the live connections, which are closed and made anew.
  guard.announce(/\b401\b/, /HTTP Authentication failed/);
  await change(PASSWORD);
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await expect(elsewhere).toHaveURL(/\/login\?next=/);
  const inbox = new Inbox(page);
  await world.current.customerTexts("+14155550164", "Are you still there?");
  await expect(inbox.row("Are you still there?")).toBeVisible();
  await page.reload();
  await inbox.isLive();
  await expect(elsewhere.locator("form[data-dioxus-id]")).toBeVisible();
  await elsewhere.getByLabel("Email").fill(AGENT_B.email);
  await elsewhere.getByLabel("Password", { exact: true }).fill(fresh);
  await submit(elsewhere);
  await expect(elsewhere).toHaveURL("/messaging");
});
