import assert from "node:assert/strict";
import { test } from "node:test";
import { losslessJson } from "../../lossless.js";
import * as rules from "../index.js";

/** Texts that have a format, and texts that do not. */
function check(format: rules.Format, good: readonly string[], bad: readonly string[]): void {
  for (const text of good) {
    assert.equal(rules.format(text, format), undefined, `${format.name}: ${text}`);
  }
  for (const text of bad) {
    assert.notEqual(rules.format(text, format), undefined, `${format.name}: ${text}`);
  }
}

// The texts are those of the Rust checks' tests (`json/src/check/format`).

test("dates and times exist", () => {
  check(
    rules.DATE_TIME,
    ["2024-02-29T23:59:59.123456789Z", "1990-12-31t15:59:60-08:00", "0000-01-01T00:00:00+23:59"],
    [
      "",
      "2024-02-29T",
      "2024-02-29",
      "2023-02-29T00:00:00Z",
      "2024-01-01 00:00:00Z",
      "2024-01-01T00:00:00",
      "2024-01-01T00:00:00.Z",
      "1990-12-31T15:59:60Z",
    ],
  );
  check(
    rules.DATE,
    ["2000-02-29"],
    ["1900-02-29", "2024-13-01", "2024-00-01", "2024-04-31", "2024-1-1", "२०२४-01-01"],
  );
  check(rules.TIME, ["00:00:00z", "23:59:60Z"], ["24:00:00Z", "12:00:00", "12:00Z"]);
});

test("durations name their units in order", () => {
  const good = "P1Y P1Y2M3D P2M P3D PT1H PT36H PT1M1S P1DT12H P4W PT0S P1Y2M3DT4H5M6S";
  const bad = "P PT 1Y P1 PD P1YT P1D1M P1Y1D PT1H1S P1H PT1D P1W1D P1Y2W P1S -P1D P1.5D P1é P١D";
  check(rules.DURATION, good.split(" "), ["", ...bad.split(" ")]);
});

test("an address has a local part and a host", () => {
  check(
    rules.EMAIL,
    [
      "a@b",
      "te~st@example.com",
      '"joe \\" b"@example.com',
      '"a@b"@c',
      "a@[127.0.0.1]",
      "a@[IPv6:::1]",
      "a.b+c@d.e",
    ],
    [
      "",
      "@",
      "a@",
      "@b",
      "a b@c",
      ".a@b",
      "a.@b",
      "a..b@c",
      "a@b c",
      '"a@b',
      "a@[127.0.0.300]",
      "a@[::1]",
      "a@-b",
      "é@b",
      "a@b@c",
      "a@[x:",
    ],
  );
  check(rules.IDN_EMAIL, ["δοκιμή@παράδειγμα.gr", "a@b"], ["a@b\u302e", "δοκιμή"]);
});

test("identifiers and bytes are spelled in full", () => {
  check(
    rules.UUID,
    [
      "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
      "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
      "00000000-0000-0000-0000-000000000000",
    ],
    [
      "",
      "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
      "2eb8aa08aa98-11ea-b4aa-73b441d163801",
      "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
      "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
    ],
  );
  check(
    rules.BYTE,
    ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "++//"],
    ["Zg", "Zg=", "Zm8", "Zm9v=", "Z===", "====", "==", "Zh==", "Zm9=", "-_==", "Zm 9v", "Zm9v\n"],
  );
});

test("names are labels between dots", () => {
  const long = ["a".repeat(63), "a".repeat(63), "a".repeat(63), "a".repeat(61)].join(".");
  check(
    rules.HOSTNAME,
    ["a", "a-b.c", "1.2.3.4", "xn--nw2a.xn--j6w193g", long],
    ["", ".", "a.", "a..b", "-a", "a-", "a_b", "é", "xn--", "xn--x", `${long}b`],
  );
  check(
    rules.IDN_HOSTNAME,
    ["실례.테스트", "straße.de", "a。b", long],
    ["", "a..b", "〮례", "A\u05d0", "\u200d", `${long}b`, "ü".repeat(62)],
  );
});

test("addresses of machines are dotted or in hexadecimal groups", () => {
  check(
    rules.IPV4,
    ["0.0.0.0", "255.255.255.255"],
    ["", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4 "],
  );
  check(
    rules.IPV6,
    ["::", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1::8"],
    ["", ":", ":::", "1:2:3:4:5:6:7", "1::2::3", "12345::", "::1%eth0", "::1.2.3"],
  );
});

test("machine numbers end where they end", () => {
  const has = (format: rules.Format, text: string): boolean =>
    rules.format(losslessJson.decode(text), format) === undefined;
  assert.ok(has(rules.INT32, "2147483647") && !has(rules.INT32, "2147483648"));
  assert.ok(has(rules.INT32, "-2147483648.0") && !has(rules.INT32, "-2147483649"));
  assert.ok(!has(rules.INT32, "1.5"));
  assert.ok(has(rules.INT64, "9223372036854775807") && !has(rules.INT64, "9223372036854775808"));
  assert.ok(has(rules.BYTE, "5"));
  assert.ok(has(rules.DECIMAL, '"-0.10"') && !has(rules.DECIMAL, '"0,10"'));
});

test("pointers escape what they must", () => {
  check(rules.JSON_POINTER, ["", "/", "/a~0~1/0//é"], ["a", "#/a", "/~", "/~2", "/a~"]);
  check(
    rules.RELATIVE_JSON_POINTER,
    ["0", "1/a", "12#", "0/"],
    ["", "/a", "01", "-1", "0##", "1a", "0#/a", "0/~"],
  );
});

test("a uri has a scheme and a reference may have", () => {
  const absolute = [
    "http://u:p@h:80/a/b?c=d#e",
    "urn:a:b",
    "a:",
    "file:///etc",
    "http://[::1]:8/",
    "http://[v1.a:b]",
    "ws://h",
  ];
  const relative = ["", "//h/p", "/p", "p/q:r", "?q", "#f", "./a:b"];
  const wrong = [
    "a b",
    "h:[",
    "http://[::1",
    "http://h:x",
    "%zz",
    "a%2",
    "1:a",
    "http://a@[::g]/",
    "http://h/[",
    "<>",
    "é",
    "#a#b",
    "http://[v.a]",
  ];
  check(rules.URI, absolute, [...relative, ...wrong]);
  check(rules.URI_REFERENCE, [...absolute, ...relative], [...wrong, "a\u00a0"]);
  check(
    rules.IRI,
    ["http://ƒøø.ßår/?∂éœ=πîx#πîüx", "a:é", "a:?\ue000"],
    ["a:\ue000", "a:\ufdd0", "a:\u{1ffff}", "é:a"],
  );
  check(rules.IRI_REFERENCE, ["é", "#é"], ["\\é"]);
});

test("expressions are closed and their variables named", () => {
  check(
    rules.URI_TEMPLATE,
    ["", "/a/{b}", "{+x,y*}{#z:12}", "{?a.b,%41_c}", "é{a}", "%41"],
    ["{", "}", "{}", "{a", "a}", "{a b}", "{a:}", "{a:0}", "{*}", "{a..b}", "{a*:1}", "%4", "a|b"],
  );
  check(rules.URI_TEMPLATE, [], ["{-a}", "{é}"]);
});

test("no format takes longer than its text is long", () => {
  const long = 200_000;
  const texts = ["a".repeat(long), "a.".repeat(long), "@".repeat(long), "{a".repeat(long)];
  texts.push("1:".repeat(long), "P1Y".repeat(long), "\\".repeat(long), "%41".repeat(long));
  texts.push(`"${"\\a".repeat(long)}`, `xn--${"a-".repeat(100)}`, `${"é".repeat(long)}`);
  const formats = Object.values(rules).filter(
    (item): item is rules.Format => typeof item === "object" && "name" in item,
  );
  assert.ok(formats.length > 20);
  for (const format of formats) {
    // A text that would make one of them take for ever would stop this test here.
    for (const text of texts) rules.format(text, format);
  }
});
