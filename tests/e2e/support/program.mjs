// A child process that does not outlive the tests.
import { spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set();

// When the runner itself ends early, its children end with it.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

// Lines of its output that are kept for the report of a failure.
const KEPT_LINES = 400;
// From SIGTERM to SIGKILL.
const GRACE_MS = 10_000;

export class Program {
  constructor(file, args, environment, directory) {
    this.lines = [];
    this.child = spawn(file, args, {
      cwd: directory,
      env: environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.add(this.child);
    this.ended = once(this.child, "exit").then(([code, signal]) => {
      running.delete(this.child);
      return code ?? signal;
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => this.keep(text));
    }
  }

  keep(text) {
    this.lines.push(...text.split("\n").filter(Boolean));
    if (this.lines.length > KEPT_LINES) this.lines.splice(0, this.lines.length - KEPT_LINES);
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  // SIGKILL, and waits for the end.
  async kill() {
    if (!this.hasEnded) this.child.kill("SIGKILL");
    return this.ended;
  }

  // SIGTERM, and waits for the end; after a grace, SIGKILL.
  async stop() {
    if (!this.hasEnded) this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), GRACE_MS);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}

// Runs a program to its end, and fails if it fails.
export async function run(file, args, environment, input = "") {
  const program = new Program(file, args, environment);
  program.child.stdin.end(input);
  const end = await program.ended;
  if (end !== 0) {
    throw new Error(`${args.join(" ")} ended with ${end}:\n${program.lines.join("\n")}`);
  }
  return program.lines;
}

// What `cargo xtask test` says about where things are.
export function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set; \`cargo xtask test --only e2e\` does that`);
  return value;
}
