// Starts the trading service on a free port of loopback, and ends it with the test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

export interface Service {
  readonly url: string;
  /** Ends it as an operator does, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
}

/** Bars twenty times a second. */
export const QUICK: Readonly<Record<string, string>> = {
  BAR_BROADCASTER_INTERVAL: "0.05",
  BAR_BROADCASTER_RESOLUTIONS: "1,5",
};

export async function serve(
  t: TestContext,
  environment: Readonly<Record<string, string>> = QUICK,
): Promise<Service> {
  const port = await freePort();
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    running = await started(port, environment);
  };
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, "exit");
    running.kill(signal);
    await gone;
    running = undefined;
  };
  t.after(() => stop("SIGKILL"));
  await start();
  return { url: `ws://127.0.0.1:${port}`, start, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function started(
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const program = process.env["SERVER"];
  if (program === undefined) throw new Error("SERVER names no program");
  // Nothing of the caller's environment, so that a variable set in somebody's shell changes nothing.
  const child = spawn(program, {
    env: { ...environment, HOST: "127.0.0.1", PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  child.stderr?.on("data", (text) => {
    printed += String(text);
  });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`the service ended: ${printed}`);
    await sleep(20);
  }
  return child;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a fake of a service that others run; its URL. It ends with the test. */
export async function foreign(t: TestContext, wire: string): Promise<string> {
  const program = process.env["FOREIGN"];
  if (program === undefined) throw new Error("FOREIGN names no program");
  const child = spawn(program, [wire], { env: {}, stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return String(line).trim();
}
