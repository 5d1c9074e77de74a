// The card "Message History" of Settings → Twilio as its reader names it.
import { expect } from "@playwright/test";

export class History {
  constructor(page) {
    this.page = page;
    this.card = page.getByRole("region", { name: "Message History" });
    this.rows = this.card.getByRole("list", { name: "Sync by number" }).locator("> li");
    this.all = this.card.getByRole("button", { name: "Sync All Numbers" });
    this.since = this.card.getByLabel("Since");
    this.sum = this.card.locator(".sync-sum");
    this.announced = this.card.getByRole("status");
  }

  async open() {
    await this.page.goto("/settings/twilio");
    await expect(this.page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  }

  row(name) {
    const row = this.rows.filter({ hasText: name });
    return {
      all: row,
      button: (label) => row.getByRole("button", { name: `${label} of ${name}` }),
      badge: (word) => row.locator(".badge").filter({ hasText: word }),
      now: row.locator('[aria-current="step"]'),
      alert: row.getByRole("alert"),
      count: (what) => row.locator(".sync-row__stats span").filter({ hasText: what }).first(),
    };
  }
}
