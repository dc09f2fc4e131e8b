// Walks an RPDE feed with OpenActive's validator and prints what it found, and what it was given, as one JSON object.
// Usage: node rpde.js URL MOST_PAGES
const { RpdeValidator } = require('@openactive/rpde-validator');
const UrlHelper = require('@openactive/rpde-validator/src/helpers/url-helper');

const [url, mostPages] = process.argv.slice(2);
const pages = [];
const fetch = UrlHelper.fetch;
// The validator keeps no items: what it is given is noted on the way.
UrlHelper.fetch = async (address, ...rest) => {
  const response = await fetch(address, ...rest);
  const body = await response.text();
  pages.push({ url: address, body });
  return { status: response.status, headers: response.headers, text: async () => body };
};

RpdeValidator(url, { pageLimit: Number(mostPages), timeoutMs: 20000 }).then((log) => {
  const found = log.pages.flatMap((page) => page.errors.map((error) => ({
    url: page.url, severity: error.severity, type: error.type, message: error.message,
  })));
  process.stdout.write(JSON.stringify({ found, pages }));
});
