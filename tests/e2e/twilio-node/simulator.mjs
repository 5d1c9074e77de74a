// Starts the simulator, gives a client of Twilio's own library for it, and a webhook receiver.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import twilio from "twilio";

export const ACCOUNT_SID = "AC000000000000000000000000000000aa";
export const AUTH_TOKEN = "9f1d6a0c5b2e4837a1c0d4e5f6071829";
export const MAIN_LINE = "+14155550134";
export const CUSTOMER = "+14155550162";

// The library's request client, with Twilio's hosts replaced by the simulator's: the library
// itself is as published.
class SimulatorRequestClient extends twilio.RequestClient {
  constructor(baseUrl) {
    super({ timeout: 10_000 });
    this.baseUrl = baseUrl;
  }

  request(options) {
    const uri = options.uri.replace(/^https:\/\/(api|events|pricing)\.twilio\.com/, this.baseUrl);
    if (!uri.startsWith(`${this.baseUrl}/`)) {
      throw new Error(`the library wants to call ${options.uri}, which is not the simulator`);
    }
    return super.request({ ...options, uri });
  }
}

export class Simulator {
  static async start(environment = {}) {
    const program = process.env.TWILIO_SIM_BIN;
    if (!program) throw new Error("TWILIO_SIM_BIN must name the twilio-sim program");
    const simulator = new Simulator();
    simulator.process = spawn(program, {
      env: {
        ...process.env,
        TWILIO_SIM_PORT: "0",
        TWILIO_SIM_ACCOUNT_SID: ACCOUNT_SID,
        TWILIO_SIM_AUTH_TOKEN: AUTH_TOKEN,
        ...environment,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: simulator.process.stdout });
    const [address] = await Promise.race([
      once(lines, "line"),
      once(simulator.process, "exit").then(([code]) => {
        throw new Error(`the simulator ended with ${code} before it was ready`);
      }),
    ]);
    simulator.baseUrl = address;
    await simulator.control("PUT", "timing", {
      sent_after_ms: 0,
      delivered_after_ms: 0,
      retry_base_ms: 10,
    });
    await simulator.control("POST", "numbers", {
      account_sid: ACCOUNT_SID,
      phone_number: MAIN_LINE,
      friendly_name: "Main line",
    });
    return simulator;
  }

  client(authToken = AUTH_TOKEN) {
    return twilio(ACCOUNT_SID, authToken, {
      httpClient: new SimulatorRequestClient(this.baseUrl),
    });
  }

  async control(method, path, body) {
    const response = await fetch(`${this.baseUrl}/sim/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /sim/${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  // Waits until nothing is on its way.
  async settle() {
    await eventually("the simulator comes to rest", async () => {
      const { outstanding } = await this.control("GET", "deliveries");
      return Object.values(outstanding).every((count) => count === 0);
    });
  }

  async stop() {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    const [code] = await ended;
    return code;
  }
}

export async function eventually(what, condition) {
  for (let tries = 0; tries < 1_500; tries += 1) {
    if (await condition()) return;
    await sleep(20);
  }
  throw new Error(`did not happen within thirty seconds: ${what}`);
}

// A webhook receiver that keeps what it gets, byte for byte, and answers 200.
export class Receiver {
  static async start() {
    const receiver = new Receiver();
    receiver.requests = [];
    receiver.server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      receiver.requests.push({
        url: `${receiver.baseUrl}${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
      response.writeHead(200).end();
    });
    receiver.server.listen(0, "127.0.0.1");
    await once(receiver.server, "listening");
    receiver.baseUrl = `http://127.0.0.1:${receiver.server.address().port}`;
    return receiver;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
