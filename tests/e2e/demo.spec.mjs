// The demo organization, as `cargo xtask run` shows it to somebody new.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, useWorld } from "./support/test.mjs";
import { Handset, Inbox } from "./support/inbox.mjs";
import { World } from "./support/world.mjs";
import { MAIN_LINE } from "./twilio-node/simulator.mjs";

const world = useWorld(World.startDemo);
const MAYA = "+14155550162";

test("each printed login opens an inbox with something of everything", async ({ openWindow }) => {
  const { logins } = world.current.demo;
  expect(logins.map(({ role }) => role)).toEqual(["admin", "agent", "agent"]);
  for (const { email, password } of logins) {
    const page = await openWindow(world.current);
    await page.goto("/");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    const inbox = new Inbox(page);
    await inbox.isLive();
    await expect(inbox.rows).toHaveCount(40);
    await expect(inbox.row("Not delivered").first()).toBeVisible();
    await expect(inbox.row("Opted out").first()).toBeVisible();
    await expect(inbox.row("unread").first()).toBeVisible();
  }
});

test("the first thread can be tried at once: the customer's handset and the agent talk", async ({
  openWindow,
}) => {
  const [, agent] = world.current.demo.logins;
  const inbox = new Inbox(await openWindow(world.current, { user: agent }));
  const handset = new Handset(await openWindow(world.current), world.current, {
    phone: MAYA,
    number: MAIN_LINE,
  });
  await Promise.all([inbox.open(), handset.open()]);
  await inbox.openRow("Maya Okafor");
  await expect(inbox.message("Also the pan underneath is about half full")).toBeVisible();
  await expect(handset.log.getByText("Also the pan underneath is about half full")).toBeVisible();
  await handset.text("Shall I call somebody?");
  await expect(inbox.message("Shall I call somebody?")).toBeVisible();
  await inbox.answer("We are on our way");
  await expect(handset.log.getByText("We are on our way")).toBeVisible();
  await expect(inbox.message("We are on our way")).toContainText("Delivered");
});

for (const colorScheme of ["light", "dark"]) {
  test(`its threads have no accessibility violation, ${colorScheme}`, async ({
    openWindow,
  }, info) => {
    const [admin] = world.current.demo.logins;
    const page = await openWindow(world.current, { user: admin, colorScheme });
    const inbox = new Inbox(page);
    await inbox.open();
    for (const name of ["Maya Okafor", "Cole Whitaker", "Luis Ortega", "Grace Holloway"]) {
      await inbox.openRow(name);
      await expect(page.getByRole("log", { name: `Messages with ${name}` })).toBeVisible();
      await expect(inbox.log.getByRole("listitem").last()).toBeInViewport();
      const path = info.outputPath(`${name}.png`);
      await page.screenshot({ path, animations: "disabled" });
      await info.attach(name, { path, contentType: "image/png" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [name, id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });
}
