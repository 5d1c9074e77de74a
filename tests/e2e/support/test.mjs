// Playwright's `test` with what the tests of this project share.
import { test as base } from "@playwright/test";
import { Guard } from "./guard.mjs";
import { PASSWORD, World } from "./world.mjs";

export { expect } from "@playwright/test";

export const test = base.extend({
  // Fails the test in the end if something went wrong in a page that it did not announce.
  guard: [
    async ({}, use, info) => {
      const guard = new Guard();
      await use(guard);
      if (guard.problems.length > 0) {
        await info.attach("problems", { body: guard.problems.join("\n"), contentType: "text/plain" });
        throw new Error(`problems in the pages:\n${guard.problems.join("\n")}`);
      }
    },
    { auto: true },
  ],

  // The default page is watched, too.
  context: async ({ context, guard }, use) => {
    guard.watch(context);
    await use(context);
  },

  // Opens browser windows that share nothing, each as the given user, or as nobody.
  openWindow: async ({ browser, guard }, use) => {
    const contexts = [];
    await use(async (world, { user, ...options } = {}) => {
      const context = await browser.newContext({
        baseURL: world.server.url,
        ...options,
      });
      contexts.push(context);
      guard.watch(context, options);
      if (user) await signIn(context, world, user);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

// Without the login page, which has tests of its own.
export async function signIn(context, world, { email, password = PASSWORD }) {
  const answer = await context.request.post(`${world.server.url}/api/auth/login`, {
    data: { email, password, remember: true },
    headers: { origin: world.server.url },
  });
  if (!answer.ok()) throw new Error(`${email} could not sign in: ${answer.status()}`);
}

// A world for the tests of a file: `const world = useWorld();`, and `world.current` in a test.
export function useWorld(start = World.start) {
  const holder = { current: undefined };
  test.beforeAll(async () => {
    holder.current = await start();
  });
  test.afterEach(async ({}, info) => {
    if (info.status !== info.expectedStatus && holder.current?.server) {
      await info.attach("server.log", {
        body: holder.current.server.log(),
        contentType: "text/plain",
      });
    }
  });
  test.afterAll(async () => {
    await holder.current?.stop();
  });
  return holder;
}
