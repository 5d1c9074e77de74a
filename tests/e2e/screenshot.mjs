// Takes the README's picture of the inbox, docs/inbox.png, from the demo organization:
//   node screenshot.mjs
// with the environment that `cargo xtask test --only e2e` sets for the browser tests.
import { fileURLToPath } from "node:url";
import { chromium, expect } from "@playwright/test";
import { Inbox } from "./support/inbox.mjs";
import { fromEnvironment } from "./support/program.mjs";
import { signIn } from "./support/test.mjs";
import { World } from "./support/world.mjs";

const PICTURE = fileURLToPath(new URL("../../docs/inbox.png", import.meta.url));
const SHOWN = process.argv[2] ?? "Maya Okafor";

// The demo's last texts are minutes old, whenever it is made; a customer writes by day.
function zoneWhereItIs(hour) {
  const ahead = hour - new Date().getUTCHours();
  return `Etc/GMT${ahead < 0 ? "+" : "-"}${Math.abs(ahead)}`;
}

const world = await World.startDemo();
const browser = await chromium.launch({ executablePath: fromEnvironment("CHROMIUM_BIN") });
try {
  const context = await browser.newContext({
    baseURL: world.server.url,
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: zoneWhereItIs(13),
    colorScheme: "light",
  });
  const [, agent] = world.demo.logins;
  await signIn(context, world, agent);
  const inbox = new Inbox(await context.newPage());
  await inbox.open();
  await inbox.openRow(SHOWN);
  await inbox.answer("Yes please, turn the red handle clockwise until it stops.");
  await expect(inbox.message("Yes please")).toContainText("Delivered");
  await inbox.reply.fill("Tomas is on his way, he will be there at 1:30");
  await inbox.page.mouse.move(720, 450);
  await inbox.page.evaluate(() => document.fonts.ready);
  await inbox.page.screenshot({ path: PICTURE, animations: "disabled", caret: "hide" });
} finally {
  await browser.close();
  await world.stop();
}
