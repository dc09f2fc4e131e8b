// Reads AsyncAPI documents and prints what the official parser has against each, as a JSON array.
// Usage: node asyncapi.js FILE...
const { Parser } = require('@asyncapi/parser');
const { readFileSync } = require('fs');

async function judge(path) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(path, 'utf8'));
  const found = diagnostics.map((one) => `${one.code} at ${one.path.join('.')}: ${one.message}`);
  return { isDocument: document !== undefined, found };
}

Promise.all(process.argv.slice(2).map(judge)).then((verdicts) => process.stdout.write(JSON.stringify(verdicts)));
