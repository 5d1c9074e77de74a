// All that a test needs: the simulator, a database, the server, and an organization on them, whose
// events Twilio has been told to send.
import { randomUUID } from "node:crypto";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  MAIN_LINE,
  Simulator,
  eventually,
} from "../twilio-node/simulator.mjs";
import { Database } from "./database.mjs";
import { Server } from "./server.mjs";

export const ORGANIZATION = "Alder Heating";
export const ADMIN = { role: "admin", name: "Priya Raman", email: "priya@alder.example" };
export const AGENT_A = { role: "agent", name: "Noor Haddad", email: "noor@alder.example" };
export const AGENT_B = { role: "agent", name: "Tomas Vega", email: "tomas@alder.example" };
export const PASSWORD = "copper-kettle-2217";

export const DISPATCH_LINE = "+14155550187";
export const TOLL_FREE_LINE = "+18335550142";
const NUMBERS = [
  { number: MAIN_LINE, name: "Main line" },
  { number: DISPATCH_LINE, name: "Dispatch" },
  { number: TOLL_FREE_LINE, name: "Toll-free" },
];

const EVENT_TYPES = [
  "inbound-message.received",
  "message.sent",
  "message.delivered",
  "message.undelivered",
  "message.failed",
].map((name) => `com.twilio.messaging.${name}`);

export class World {
  // With an organization that has three people, three numbers, and no message.
  // `environment`: more settings of the server.
  static async start({ environment } = {}) {
    return World.with(
      async (world) => {
        await world.makeOrganization();
        await world.makeNumbers();
        await world.subscribe();
      },
      { environment },
    );
  }

  // With people, but no Twilio account: neither a shared one nor an own one. The account at Twilio
  // has three numbers.
  static async startUnconnected() {
    return World.with(
      async (world) => {
        await world.makeOrganization();
        await world.makeAccountNumbers();
      },
      { isShared: false },
    );
  }

  // With the demo organization, as `cargo xtask run` makes it.
  static async startDemo() {
    return World.with(async (world) => {
      const { simulator, server } = world;
      const printed = await server.demo(["seed", "--simulator", simulator.baseUrl]);
      world.demo = JSON.parse(printed.find((line) => line.startsWith("{")));
    });
  }

  static async with(fill, { isShared = true, environment } = {}) {
    const world = new World();
    try {
      [world.simulator, world.database] = await Promise.all([Simulator.start(), Database.create()]);
      world.serverSettings = {
        databaseUrl: world.database.url,
        accountSid: isShared ? ACCOUNT_SID : undefined,
        authToken: isShared ? AUTH_TOKEN : undefined,
        twilioUrl: world.simulator.baseUrl,
        environment,
      };
      world.server = await Server.start(world.serverSettings);
      await fill(world);
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  // This world at another server on the same database: what opens windows there.
  async atAnotherServer() {
    this.otherServer = await Server.start(this.serverSettings);
    return Object.assign(Object.create(this), { server: this.otherServer });
  }

  async makeOrganization() {
    await this.server.command(["org", "create", "--name", ORGANIZATION]);
    await Promise.all(
      [ADMIN, AGENT_A, AGENT_B].map(({ role, name, email }) =>
        this.server.command(
          // prettier-ignore
          ["user", "create", "--organization", ORGANIZATION, "--email", email, "--name", name, "--role", role],
          `${PASSWORD}\n`,
        ),
      ),
    );
  }

  // The simulator's account has the main line already.
  async makeAccountNumbers() {
    for (const { number, name } of NUMBERS) {
      if (number !== MAIN_LINE) {
        await this.simulator.control("POST", "numbers", {
          account_sid: ACCOUNT_SID,
          phone_number: number,
          friendly_name: name,
        });
      }
    }
  }

  // The organization gets the numbers as an import leaves them.
  async makeNumbers() {
    await this.makeAccountNumbers();
    const { numbers } = await this.simulator.control("GET", "numbers");
    for (const { number, name } of NUMBERS) {
      const { sid } = numbers.find((known) => known.phone_number === number);
      await this.database.query(
        `INSERT INTO phone_number
           (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
         SELECT $1, id, $2, $3, $4, $5 FROM organization WHERE name = $6`,
        [randomUUID(), ACCOUNT_SID, sid, number, name, ORGANIZATION],
      );
    }
  }

  // As an admin does it at Twilio, with Twilio's own library.
  async subscribe() {
    const client = this.simulator.client();
    const sink = await client.events.v1.sinks.create({
      description: "Loquent",
      sinkType: "webhook",
      sinkConfiguration: {
        destination: `${this.server.url}/twilio/events`,
        method: "POST",
        batch_events: false,
      },
    });
    await client.events.v1.subscriptions.create({
      description: "Loquent",
      sinkSid: sink.sid,
      types: EVENT_TYPES.map((type) => ({ type })),
    });
  }

  customerTexts(from, body, to = MAIN_LINE) {
    return this.simulator.control("POST", "customer-messages", { from, to, body });
  }

  // `[from, body, to]` of each. Texts of one second stand in the order in which their posts come in,
  // and Twilio posts side by side: the next one is sent when everything about the one before has
  // been posted.
  async customersTextInTurn(texts) {
    for (const [from, body, to] of texts) {
      await this.customerTexts(from, body, to);
      await this.simulator.settle();
    }
    await this.settle();
  }

  // What a customer's phone has got and sent, first to last, as Twilio knows it.
  async conversation(phone, number = MAIN_LINE) {
    const query = new URLSearchParams({ number, phone, limit: "1000" });
    const { messages } = await this.simulator.control("GET", `messages?${query}`);
    return messages;
  }

  // Waits until everything that Twilio knows is in the inbox, too.
  async settle() {
    await this.simulator.settle();
    await eventually("the server has processed all events", async () => {
      const [{ waiting }] = await this.database.query(
        "SELECT count(*)::int AS waiting FROM twilio_event WHERE processed_at IS NULL",
      );
      return waiting === 0;
    });
  }

  async stop() {
    await this.server?.stop();
    await this.otherServer?.stop();
    await this.simulator?.stop();
    await this.database?.drop();
  }
}
