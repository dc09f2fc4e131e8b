// Lets the standardwebhooks package judge deliveries: node webhooks.js FILE, where FILE is JSON, a list of
// {name, secret, headers, body (base64)}. Prints {name: null when it is accepted, else the reason}.
"use strict";

const fs = require("fs");
const { Webhook } = require("standardwebhooks");

const told = {};
for (const { name, secret, headers, body } of JSON.parse(fs.readFileSync(process.argv[2], "utf8"))) {
  try {
    new Webhook(secret).verify(Buffer.from(body, "base64").toString("utf8"), headers);
    told[name] = null;
  } catch (error) {
    told[name] = `${error.name}: ${error.message}`;
  }
}
process.stdout.write(JSON.stringify(told));
