// Writes src/lib/api/generated.ts: the types of every operation of mobile-api/operations, made of schema.graphql, and
// the map from an operation's name to its variables and its answer. The file is not kept: it is made before every
// check, test and build.
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildSchema, parse } from 'graphql';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const here = (path) => new URL(path, import.meta.url);
const folder = here('../../operations/');
const target = here('../src/lib/api/generated.ts');

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => file.slice(0, -'.graphql'.length))
  .sort();
const documents = names.map((name) => ({
  location: name,
  document: parse(readFileSync(new URL(`${name}.graphql`, folder), 'utf8')),
}));
const schema = parse(readFileSync(here('../../../schema.graphql'), 'utf8'));

const types = await codegen({
  filename: target.pathname,
  schema,
  schemaAst: buildSchema(readFileSync(here('../../../schema.graphql'), 'utf8')),
  documents,
  config: {
    strictScalars: true,
    scalars: { DateTime: 'string', UUID: 'string', Long: 'number' },
    enumType: 'string-literal',
    skipTypename: true,
    inlineFragmentTypes: 'inline',
  },
  plugins: [{ typescriptOperations: {} }],
  pluginMap: { typescriptOperations },
});

const kinds = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
const maps = Object.entries(kinds).map(([kind, Kind]) => {
  const rows = documents
    .filter(({ document }) => document.definitions[0].operation === kind)
    .map(({ location: name }) => `  ${name}: { variables: ${name}${Kind}Variables; answer: ${name}${Kind} };`);
  return `export interface ${Kind}Map {\n${rows.join('\n')}\n}\n`;
});

const text = `// Made by scripts/types.js; not to be edited.\n${types}\n${maps.join('\n')}`;
let kept = '';
try {
  kept = readFileSync(target, 'utf8');
} catch {
  // The first time there is none.
}
if (kept !== text) writeFileSync(target, text);
