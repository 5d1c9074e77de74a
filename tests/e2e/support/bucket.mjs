// A bucket of S3's protocol, as far as a browser and small files need it. It checks no signature:
// the integration tests have a store that does.
import { createServer } from "node:http";
import { once } from "node:events";

export class Bucket {
  static async start() {
    const bucket = new Bucket();
    bucket.objects = new Map();
    bucket.server = createServer((request, response) => bucket.answer(request, response));
    bucket.server.listen(0, "127.0.0.1");
    await once(bucket.server, "listening");
    bucket.url = `http://127.0.0.1:${bucket.server.address().port}`;
    return bucket;
  }

  // The settings of a server that uses it.
  environment() {
    return {
      S3_BUCKET: "loquent-media",
      S3_ENDPOINT: this.url,
      AWS_ACCESS_KEY_ID: "an-access-key",
      AWS_SECRET_ACCESS_KEY: "a-secret-key",
    };
  }

  async answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    if (request.method === "PUT") {
      const parts = [];
      for await (const part of request) parts.push(part);
      this.objects.set(pathname, Buffer.concat(parts));
      response.writeHead(200, { etag: '"1"' }).end();
      return;
    }
    const object = this.objects.get(pathname);
    if (!object) {
      response.writeHead(404).end();
      return;
    }
    const headers = {
      "accept-ranges": "bytes",
      "content-type": searchParams.get("response-content-type"),
      "content-disposition": searchParams.get("response-content-disposition"),
    };
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    if (first === undefined) {
      response.writeHead(200, { ...headers, "content-length": object.length }).end(object);
      return;
    }
    const part = object.subarray(Number(first), last ? Number(last) + 1 : undefined);
    const end = Number(first) + part.length - 1;
    response
      .writeHead(206, {
        ...headers,
        "content-length": part.length,
        "content-range": `bytes ${first}-${end}/${object.length}`,
      })
      .end(part);
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
