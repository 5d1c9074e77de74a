// What must not happen in a page that works: an error or a warning in the console, an exception, a
// request that fails. (A hydration that does not fit is such a warning.)

// With JavaScript off, Chromium refuses the program's script and then misses its preloaded parts.
const WITHOUT_SCRIPT = [
  /^request failed: csp GET \S+\/assets\/[\w-]+\.js$/,
  /^console warning: The resource \S+ was preloaded using link preload but not used/,
];

export class Guard {
  constructor() {
    this.problems = [];
    this.announced = [];
  }

  // Watches all pages of a context.
  watch(context, { javaScriptEnabled = true } = {}) {
    const note = (text) => {
      if (javaScriptEnabled || !WITHOUT_SCRIPT.some((pattern) => pattern.test(text))) {
        this.note(text);
      }
    };
    context.on("console", (message) => {
      if (["error", "warning", "assert"].includes(message.type())) {
        note(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (problem) => note(`exception: ${problem.error().message}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // A page that is left lets go of what it was reading.
      if (why === "net::ERR_ABORTED" && request.method() === "GET") return;
      note(`request failed: ${why} ${request.method()} ${request.url()}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) {
        note(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
  }

  // From now on, problems that match are what the test causes on purpose.
  announce(...patterns) {
    this.announced.push(...patterns);
  }

  // What was announced is over.
  withdraw() {
    this.announced = [];
  }

  note(text) {
    if (!this.announced.some((pattern) => pattern.test(text))) this.problems.push(text);
  }
}
