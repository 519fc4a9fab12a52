/**
 * Character classes that RFC 5892 and RFC 5893 ask for and ECMA-262 has no property of, each as the
 * inside of a class.
 *
 * Made from Unicode 14's `Canonical_Combining_Class`, `Joining_Type` and `Bidi_Class`: the same
 * ranges as `json/src/check/format/idna_tables.rs`, which a test holds. The tables by direction
 * cover the characters that a label may have and run on over those that it may not.
 */

/** Canonical_Combining_Class=Virama (9). */
export const VIRAMA: string =
  "\\u{94d}\\u{9cd}\\u{a4d}\\u{acd}\\u{b4d}\\u{bcd}\\u{c4d}\\u{ccd}\\u{d3b}-\\u{d3c}\\u{d4d}" +
  "\\u{dca}\\u{e3a}\\u{eba}\\u{f84}\\u{1039}-\\u{103a}\\u{1714}-\\u{1715}\\u{1734}\\u{17d2}" +
  "\\u{1a60}\\u{1b44}\\u{1baa}-\\u{1bab}\\u{1bf2}-\\u{1bf3}\\u{2d7f}\\u{a806}\\u{a82c}\\u{a8c4}" +
  "\\u{a953}\\u{a9c0}\\u{aaf6}\\u{abed}\\u{10a3f}\\u{11046}\\u{11070}\\u{1107f}\\u{110b9}" +
  "\\u{11133}-\\u{11134}\\u{111c0}\\u{11235}\\u{112ea}\\u{1134d}\\u{11442}\\u{114c2}\\u{115bf}" +
  "\\u{1163f}\\u{116b6}\\u{1172b}\\u{11839}\\u{1193d}-\\u{1193e}\\u{119e0}\\u{11a34}\\u{11a47}" +
  "\\u{11a99}\\u{11c3f}\\u{11d44}-\\u{11d45}\\u{11d97}";

/** Joining_Type=Dual_Joining. */
export const DUAL: string =
  "\\u{620}\\u{626}\\u{628}\\u{62a}-\\u{62e}\\u{633}-\\u{63f}\\u{641}-\\u{647}\\u{649}-\\u{64a}" +
  "\\u{66e}-\\u{66f}\\u{678}-\\u{687}\\u{69a}-\\u{6bf}\\u{6c1}-\\u{6c2}\\u{6cc}\\u{6ce}" +
  "\\u{6d0}-\\u{6d1}\\u{6fa}-\\u{6fc}\\u{6ff}\\u{712}-\\u{714}\\u{71a}-\\u{71d}" +
  "\\u{71f}-\\u{727}\\u{729}\\u{72b}\\u{72d}-\\u{72e}\\u{74e}-\\u{758}\\u{75c}-\\u{76a}" +
  "\\u{76d}-\\u{770}\\u{772}\\u{775}-\\u{777}\\u{77a}-\\u{77f}\\u{7ca}-\\u{7ea}" +
  "\\u{841}-\\u{845}\\u{848}\\u{84a}-\\u{853}\\u{855}\\u{860}\\u{862}-\\u{865}\\u{868}\\u{886}" +
  "\\u{889}-\\u{88d}\\u{8a0}-\\u{8a9}\\u{8af}-\\u{8b0}\\u{8b3}-\\u{8b8}\\u{8ba}-\\u{8c8}" +
  "\\u{1807}\\u{1820}-\\u{1878}\\u{1887}-\\u{18a8}\\u{18aa}\\u{a840}-\\u{a871}" +
  "\\u{10ac0}-\\u{10ac4}\\u{10ad3}-\\u{10ad6}\\u{10ad8}-\\u{10adc}\\u{10ade}-\\u{10ae0}" +
  "\\u{10aeb}-\\u{10aee}\\u{10b80}\\u{10b82}\\u{10b86}-\\u{10b88}\\u{10b8a}-\\u{10b8b}" +
  "\\u{10b8d}\\u{10b90}\\u{10bad}-\\u{10bae}\\u{10d01}-\\u{10d21}\\u{10d23}" +
  "\\u{10f30}-\\u{10f32}\\u{10f34}-\\u{10f44}\\u{10f51}-\\u{10f53}\\u{10f70}-\\u{10f73}" +
  "\\u{10f76}-\\u{10f81}\\u{10fb0}\\u{10fb2}-\\u{10fb3}\\u{10fb8}\\u{10fbb}-\\u{10fbc}" +
  "\\u{10fbe}-\\u{10fbf}\\u{10fc1}\\u{10fc4}\\u{10fca}\\u{1e900}-\\u{1e943}";

/** Joining_Type=Right_Joining. */
export const RIGHT: string =
  "\\u{622}-\\u{625}\\u{627}\\u{629}\\u{62f}-\\u{632}\\u{648}\\u{671}-\\u{673}\\u{675}-\\u{677}" +
  "\\u{688}-\\u{699}\\u{6c0}\\u{6c3}-\\u{6cb}\\u{6cd}\\u{6cf}\\u{6d2}-\\u{6d3}\\u{6d5}" +
  "\\u{6ee}-\\u{6ef}\\u{710}\\u{715}-\\u{719}\\u{71e}\\u{728}\\u{72a}\\u{72c}\\u{72f}\\u{74d}" +
  "\\u{759}-\\u{75b}\\u{76b}-\\u{76c}\\u{771}\\u{773}-\\u{774}\\u{778}-\\u{779}\\u{840}" +
  "\\u{846}-\\u{847}\\u{849}\\u{854}\\u{856}-\\u{858}\\u{867}\\u{869}-\\u{86a}\\u{870}-\\u{882}" +
  "\\u{88e}\\u{8aa}-\\u{8ac}\\u{8ae}\\u{8b1}-\\u{8b2}\\u{8b9}\\u{10ac5}\\u{10ac7}" +
  "\\u{10ac9}-\\u{10aca}\\u{10ace}-\\u{10ad2}\\u{10add}\\u{10ae1}\\u{10ae4}\\u{10aef}\\u{10b81}" +
  "\\u{10b83}-\\u{10b85}\\u{10b89}\\u{10b8c}\\u{10b8e}-\\u{10b8f}\\u{10b91}" +
  "\\u{10ba9}-\\u{10bac}\\u{10d22}\\u{10f33}\\u{10f54}\\u{10f74}-\\u{10f75}" +
  "\\u{10fb4}-\\u{10fb6}\\u{10fb9}-\\u{10fba}\\u{10fbd}\\u{10fc2}-\\u{10fc3}\\u{10fc9}";

/** Joining_Type=Left_Joining. */
export const LEFT = "\\u{a872}\\u{10acd}\\u{10ad7}\\u{10d00}\\u{10fcb}";

/** Bidi_Class=R and AL. */
export const RIGHT_TO_LEFT: string =
  "\\u{5d0}-\\u{64a}\\u{66e}-\\u{6ef}\\u{6fa}-\\u{8c9}\\u{fe73}\\u{10800}-\\u{10d23}" +
  "\\u{10e80}-\\u{10ff6}\\u{1e800}-\\u{1e959}";

/** Bidi_Class=AN. */
export const ARABIC_NUMBER = "\\u{660}-\\u{669}\\u{10d30}-\\u{10d39}";

/** Bidi_Class=ES, CS, ET, ON and BN. */
export const NEUTRAL: string =
  "\\u{b7}\\u{2b9}-\\u{2ba}\\u{2c6}-\\u{2cf}\\u{2ec}\\u{375}\\u{200c}-\\u{200d}\\u{2e2f}" +
  "\\u{30fb}\\u{a67f}\\u{a717}-\\u{a71f}\\u{a788}";
