// Runs generated validators over the instances of the suite: `node verdicts.js FOLDER`. In: manifest.json
// and the compiled code of each case in out/. Out: verdicts.json, for each case and instance what its check
// says, strictly and of what a client gets; null where it passes.

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { losslessJson } = await import(new URL("out/runtime/lossless.js", folder));

const verdict = (check, text) => String(check(losslessJson.decode(`{"value":${text}}`)) ?? "") || null;

const verdicts = {};
for (const { name, instances } of JSON.parse(await readFile(new URL("manifest.json", folder), "utf8"))) {
  const { checkCase, checkReceivedCase } = await import(new URL(`out/${name}/validate.js`, folder));
  verdicts[name] = instances.map((text) => [checkCase, checkReceivedCase].map((check) => verdict(check, text)));
}
await writeFile(new URL("verdicts.json", folder), JSON.stringify(verdicts));
