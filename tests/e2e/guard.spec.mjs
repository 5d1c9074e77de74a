// The guard of all other tests notices what it should.
import { createServer } from "node:http";
import { once } from "node:events";
import { expect, test } from "@playwright/test";
import { Guard } from "./support/guard.mjs";

const TROUBLES = {
  "an error in the console": ["console.error('broken')", /^console error: broken/],
  "a warning in the console": ["console.warn('odd')", /^console warning: odd/],
  "an exception": ["setTimeout(() => { throw new Error('boom') })", /^exception: boom/],
  "a rejected promise": ["Promise.reject(new Error('no'))", /^exception: no/],
  "an answer that is an error": ["fetch('/missing')", /^status 404: GET .*\/missing/],
  "a request without an answer": ["fetch('/cut').catch(() => {})", /^request failed: .* GET .*\/cut/],
};

let server;
let address;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/cut") return request.destroy();
    response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/html" });
    response.end('<!doctype html><link rel="icon" href="data:,">');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${server.address().port}/`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
});

for (const [name, [script, expected]] of Object.entries(TROUBLES)) {
  test(`it notices ${name}, unless that was announced`, async ({ browser }) => {
    const [watching, knowing] = [new Guard(), new Guard()];
    knowing.announce(/./);
    const context = await browser.newContext();
    watching.watch(context);
    knowing.watch(context);
    const page = await context.newPage();
    await page.goto(address);
    expect(watching.problems).toEqual([]);
    await page.evaluate(`{ ${script}; undefined; }`);
    await expect.poll(() => watching.problems.some((problem) => expected.test(problem))).toBe(true);
    expect(knowing.problems).toEqual([]);
    await context.close();
  });
}
