// Reads an AsyncAPI document and prints what the official parser has against it, as JSON.
// Usage: node asyncapi.js FILE
const { Parser } = require('@asyncapi/parser');
const { readFileSync } = require('fs');

new Parser().parse(readFileSync(process.argv[2], 'utf8')).then(({ document, diagnostics }) => {
  const found = diagnostics.map((one) => `${one.code} at ${one.path.join('.')}: ${one.message}`);
  process.stdout.write(JSON.stringify({ isDocument: document !== undefined, found }));
});
