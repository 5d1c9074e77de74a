// Browser tests against the real server, the simulator and a real Postgres. `cargo xtask test
// --only e2e` builds these, says in the environment where they are, and runs this.
import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";

// The mark of a test that measures times: nothing may run beside it.
const ALONE = /@alone/;

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.mjs",
  // A file in each: it has its own database, server and simulator. `cargo xtask test` runs the
  // projects one after the other.
  workers: availableParallelism(),
  projects: [
    { name: "side by side", grepInvert: ALONE, outputDir: "test-results/side-by-side" },
    { name: "alone", grep: ALONE, workers: 1, outputDir: "test-results/alone" },
  ],
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
