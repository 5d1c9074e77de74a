// Browser tests against the real server, the simulator and a real Postgres. `cargo xtask test
// --only e2e` builds these, says in the environment where they are, and runs this.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.mjs",
  outputDir: "test-results",
  // One at a time: the tests measure times, and a browser, a server and a database are at work
  // for each.
  workers: 1,
  // A test that passes only when repeated has failed.
  retries: 0,
  forbidOnly: true,
  // Far more than anything takes: a machine under load must not make a test fail.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    // Not UTC, in which the server renders: what depends on the reader's zone must be made right
    // in the browser, and must not disturb the hydration.
    timezoneId: "America/Los_Angeles",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM_BIN,
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
