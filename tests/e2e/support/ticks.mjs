// Every word that stood below an agent's message, in order, however short it stood there.

export async function recordTicks(page) {
  await page.evaluate(() => {
    const seen = {};
    window.seenTicks = seen;
    const look = () => {
      for (const tick of document.querySelectorAll("[role=log] .tick")) {
        const text = tick.closest("li").querySelector(".bubble").textContent.trim();
        const words = (seen[text] ??= []);
        const word = tick.textContent.trim();
        if (words.at(-1) !== word) words.push(word);
      }
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    look();
  });
}

export async function ticksOf(page, text) {
  return (await page.evaluate(() => window.seenTicks))[text] ?? [];
}
