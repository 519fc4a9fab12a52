/**
 * The URL of a channel's endpoint.
 */

import { ContractError } from "./error.js";

/** What the URL is made of. */
export interface Endpoint {
  /** Where the server is, with or without the path of the endpoint. */
  readonly url: string | undefined;
  /** The channel's address, used where `url` has no path. */
  readonly address: string;
  /** Values of `{parameters}` in address or URL. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

const URL_PARTS = /^(ws|http)(s?):\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?/i;

/**
 * Makes the URL. `http` and `https` are taken for `ws` and `wss`; without a URL the page's own
 * server is meant. Throws where there is no page, a parameter is missing, or the URL is none.
 */
export function endpointUrl({ url, address, parameters, query }: Endpoint): string {
  const base = url ?? pageOrigin();
  if (base === undefined) {
    throw new ContractError(
      "invalid",
      "there is no page whose server could be meant: give the option `url`",
    );
  }
  const [, scheme, secure, host, path, search] = URL_PARTS.exec(base) ?? [];
  if (scheme === undefined) {
    throw new ContractError(
      "invalid",
      `${JSON.stringify(base)} is not a ws, wss, http or https URL`,
    );
  }
  const where = path === undefined || path === "" || path === "/" ? address : path;
  const filled = where.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined)
      throw new ContractError("invalid", `the address ${where} needs the parameter \`${name}\``);
    return encodeURIComponent(value);
  });
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (search !== undefined && search !== "") pairs.unshift(search);
  const end = pairs.length > 0 ? `?${pairs.join("&")}` : "";
  return `ws${secure === "" ? "" : "s"}://${host}${filled.startsWith("/") ? "" : "/"}${filled}${end}`;
}

function pageOrigin(): string | undefined {
  const { location } = globalThis as { location?: { readonly origin?: string } };
  // A page from a file, or a worker made of a blob, has the origin "null" or one that is not of the
  // web.
  return location?.origin?.startsWith("http") === true ? location.origin : undefined;
}
