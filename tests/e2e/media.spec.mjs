// Files of a customer reach the thread, live: pictures, films, sound, and all others.
import { readFile } from "node:fs/promises";
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { Bucket } from "./support/bucket.mjs";
import { AGENT_A, World } from "./support/world.mjs";
import { MAIN_LINE } from "./twilio-node/simulator.mjs";

const world = useWorld();

// Gives a file to the simulator; gives the address for a message.
async function upload({ simulator }, contentType, bytes) {
  const answer = await fetch(`${simulator.baseUrl}/sim/uploads`, {
    method: "POST",
    headers: { "content-type": contentType },
    body: bytes,
  });
  return (await answer.json()).url;
}

const fixture = (name) => readFile(new URL(`../fixtures/media/${name}`, import.meta.url));

async function customerSends({ simulator }, body, urls) {
  await simulator.control("POST", "customer-messages", {
    from: "+14155550163",
    to: MAIN_LINE,
    body,
    media_urls: urls,
  });
}

test("a customer's picture and file are in the thread, and the picture is really shown", async ({
  openWindow,
}) => {
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await customerSends(world.current, "It is dripping from this valve", [
    "https://example.com/valve.jpg",
    "https://example.com/plan.pdf",
  ]);
  await expect(inbox.row("It is dripping")).toContainText("Photo · It is dripping");
  await inbox.openRow("It is dripping from this valve");
  const message = inbox.message("It is dripping from this valve");
  const picture = message.getByRole("img", { name: /^Photo from \(415\) 555-0163, / });
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image) => image.complete && image.naturalWidth))
    .toBeGreaterThan(0);
  await expect(message).toContainText(/document-[0-9a-f]{8}\.pdf\s*PDF · \d+ KB/);
  const download = inbox.page.waitForEvent("download");
  await message.getByRole("link", { name: /^Download document-/ }).click();
  expect((await download).suggestedFilename()).toMatch(/^document-[0-9a-f]{8}\.pdf$/);

  const answer = await inbox.page.request.get(await picture.getAttribute("src"));
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});

test("several pictures stand side by side, small ones as they are, and open in a viewer", async ({
  openWindow,
}) => {
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  const dot = await upload(world.current, "image/png", await fixture("dot-40.png"));
  const bmp = await upload(world.current, "image/bmp", await fixture("tile.bmp"));
  const jpg = await upload(world.current, "image/jpg", await fixture("photo.jpg"));
  await customerSends(world.current, "A grid", [jpg, bmp, dot, "https://example.com/a.gif"]);
  // Of the same second: the order of their posts decides which is the last.
  await world.current.simulator.settle();
  await customerSends(world.current, "A dot", [dot]);
  await inbox.openRow("A dot");
  const grid = inbox.message("A grid");
  await expect(grid.getByRole("img")).toHaveCount(4);
  const names = await grid.getByRole("img").evaluateAll((all) => all.map(({ alt }) => alt));
  expect(new Set(names).size).toBe(4);
  for (const picture of await grid.getByRole("img").all()) {
    await expect
      .poll(() => picture.evaluate((image) => image.complete && image.naturalWidth))
      .toBeGreaterThan(0);
  }
  const places = await grid
    .getByRole("img")
    .evaluateAll((all) => all.map((image) => image.getBoundingClientRect().toJSON()));
  expect(places[0].top).toBe(places[1].top);
  expect(places[2].top).toBeGreaterThan(places[0].top);
  const alone = await inbox.message("A dot").getByRole("img").boundingBox();
  expect([alone.width, alone.height]).toEqual([40, 40]);

  await grid.getByRole("link", { name: /^Photo 2 of 4/ }).click();
  const viewer = inbox.page.getByRole("dialog", { name: /^Photos from/ });
  await expect(viewer.getByText("Photo 2 of 4")).toBeVisible();
  await inbox.page.keyboard.press("ArrowRight");
  await expect(viewer.getByText("Photo 3 of 4")).toBeVisible();
  await viewer.getByRole("button", { name: "Next photo" }).click();
  await viewer.getByRole("button", { name: "Next photo" }).click();
  await expect(viewer.getByText("Photo 1 of 4")).toBeVisible();
  const download = inbox.page.waitForEvent("download");
  await viewer.getByRole("link", { name: /^Download photo-/ }).click();
  expect((await download).suggestedFilename()).toMatch(/^photo-[0-9a-f]{8}\.jpg$/);
  await inbox.page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(grid.getByRole("link", { name: /^Photo 2 of 4/ })).toBeFocused();
});

// Plays it from a place in the middle, which is asked for as a range. In a tab no script of the page
// runs, and so no promise of it comes to an end.
async function plays(player) {
  await expect.poll(() => player.evaluate((media) => media.readyState)).toBeGreaterThan(0);
  await player.evaluate((media) => {
    media.muted = true;
    media.currentTime = media.duration / 2;
    void media.play();
  });
  const time = () => player.evaluate((media) => media.currentTime - media.duration / 2);
  await expect.poll(time).toBeGreaterThan(0);
}

async function playEverything(inbox, current) {
  const kinds = [
    ["video/mp4", "film.mp4"],
    ["video/webm", "film.webm"],
    ["video/3gpp", "film.3gp"],
    ["audio/mpeg", "sound.mp3"],
    ["audio/ogg", "sound.ogg"],
    ["audio/mp4", "sound.m4a"],
  ];
  const urls = [];
  for (const [type, name] of kinds) urls.push(await upload(current, type, await fixture(name)));
  await customerSends(current, "Film and sound", urls);
  await inbox.openRow("Film and sound");
  const message = inbox.message("Film and sound");
  const ranges = [];
  inbox.page.on("response", (answer) => {
    if (answer.request().resourceType() === "media") ranges.push(answer.status());
  });
  await expect(message.locator("video")).toHaveCount(3);
  await expect(message.locator("audio")).toHaveCount(3);
  for (const player of await message.locator("video, audio").all()) await plays(player);
  expect(ranges).toContain(206);
  return message.locator("video, audio").evaluateAll((all) => all.map((one) => one.src));
}

test("films and sound play in the thread and in a tab, from the disk", async ({ openWindow }) => {
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  for (const address of await playEverything(inbox, world.current)) {
    const tab = await inbox.page.context().newPage();
    await tab.goto(address);
    await plays(tab.locator("video, audio"));
    await tab.close();
  }
});

test("films and sound play in the thread and in a tab, from a bucket", async ({ openWindow }) => {
  const bucket = await Bucket.start();
  const current = await World.start({ environment: bucket.environment() });
  try {
    const inbox = new Inbox(await openWindow(current, { user: AGENT_A }));
    await inbox.open();
    for (const address of await playEverything(inbox, current)) {
      const tab = await inbox.page.context().newPage();
      await tab.goto(address);
      expect(tab.url()).toContain(bucket.url);
      await plays(tab.locator("video, audio"));
      await tab.close();
    }
    // The server ends before the window does.
    await inbox.page.close();
  } finally {
    await current.stop();
    await bucket.stop();
  }
});
