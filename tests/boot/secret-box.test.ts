import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { secretBox } from "#boot/secret-box.ts";

const newKey = () => randomBytes(32).toString("base64");

describe("a sealed secret", () => {
  const key = newKey();
  const box = secretBox([key]);

  it("opens to what was sealed, and two seals of one text differ", () => {
    const sealed = box.seal("токен 🔑");
    expect(box.open(sealed)).toBe("токен 🔑");
    expect(sealed.equals(box.seal("токен 🔑"))).toBe(false);
    expect(sealed.includes(Buffer.from("токен"))).toBe(false);
  });

  it("opens after the key was replaced, as long as the old one is named", () => {
    const sealed = box.seal("token");
    const fresh = newKey();
    expect(secretBox([fresh, key]).open(sealed)).toBe("token");
    expect(() => secretBox([fresh]).open(sealed)).toThrow("MOLVA_SECRET_KEYS_OLD");
  });

  it("that was changed in any byte does not open", () => {
    const sealed = box.seal("token");
    for (const at of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => box.open(changed)).toThrow();
    }
  });
});
