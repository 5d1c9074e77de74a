// The real server, on a port and with a data directory of its own.
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../twilio-node/simulator.mjs";
import { Program, fromEnvironment, run } from "./program.mjs";

export class Server {
  // `publicUrl` is what Twilio and browsers call it by, where a proxy stands before it.
  static async start({
    databaseUrl,
    accountSid,
    authToken,
    twilioUrl,
    publicUrl,
    environment,
  }) {
    const server = new Server();
    server.directory = await mkdtemp(join(tmpdir(), "loquent-e2e-"));
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    server.environment = {
      PATH: process.env.PATH,
      RUST_LOG: process.env.RUST_LOG ?? "info",
      DIOXUS_PUBLIC_PATH: fromEnvironment("LOQUENT_PUBLIC_DIR"),
      DATABASE_URL: databaseUrl,
      LOQUENT_DATA_DIR: server.directory,
      // Servers of one database have one key.
      LOQUENT_MASTER_KEY: "0123456789abcdef".repeat(4),
      IP: "127.0.0.1",
      PORT: String(server.port),
      APP_HOST: publicUrl ?? server.url,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_API_BASE_URL: twilioUrl,
      TWILIO_EVENTS_BASE_URL: twilioUrl,
      ...environment,
    };
    try {
      await server.startAgain();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  // With the same settings, on the same port.
  async startAgain() {
    this.program = new Program(
      fromEnvironment("LOQUENT_BIN"),
      ["serve"],
      this.environment,
      this.directory,
    );
    await eventually("the server is ready", async () => {
      if (this.program.hasEnded) throw new Error(`the server did not start:\n${this.log()}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      return answer?.ok === true;
    });
  }

  // The command line, with the same settings.
  command(args, input) {
    return run(fromEnvironment("LOQUENT_BIN"), args, this.environment, input);
  }

  // The program that makes the demo organization, with the same settings.
  demo(args) {
    return run(fromEnvironment("DEMO_BIN"), args, this.environment);
  }

  async kill() {
    await this.program.kill();
  }

  log() {
    return this.program.lines.join("\n");
  }

  async stop() {
    await this.program?.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

// One that was free a moment ago, by chance: other workers look for theirs at the same time. Below
// the ports that the system gives to connections on their way out, which would take it meanwhile.
async function freePort() {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const listener = createServer();
    const isFree = await new Promise((resolve) => {
      listener.once("error", () => resolve(false));
      listener.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    listener.close();
    await once(listener, "close");
    return port;
  }
}
