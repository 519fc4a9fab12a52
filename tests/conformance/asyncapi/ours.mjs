// What our front end says of many documents: the example `verdicts` of the crate `contract`.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Verdicts in the order of the requests, each `{ name, text }` or `{ name, path }`. */
export async function verdicts(requests, folder = root) {
  const build = ["build", "--quiet", "--locked", "-p", "contract", "--example", "verdicts", "--message-format", "json"];
  const messages = await output("cargo", build, "", root);
  const program = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line).executable)
    .findLast((path) => typeof path === "string");
  if (program === undefined) throw new Error("cargo names no program for the example `verdicts`");
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  const lines = (await output(program, [], input, folder)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** What a program prints, given its standard input. */
function output(program, args, input, folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Error(`${program} ended with ${code}`));
    });
    child.stdin.on("error", reject);
    child.stdin.end(input);
  });
}
