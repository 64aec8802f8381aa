import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { MolvaError } from "#domain/errors.ts";
import type { SecretBox } from "#pipeline/deps.ts";

const version = 1;
const idBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;

/** First bytes of the key's hash: says which key sealed, without telling the key. */
const keyId = (key: Buffer) => createHash("sha256").update(key).digest().subarray(0, idBytes);

/**
 * AES-256-GCM with the key's id in front: version, key id, nonce, tag, text. The first key seals; all of
 * them open, so a key can be replaced while what the old one sealed is still there.
 */
export function secretBox(keysBase64: readonly [string, ...string[]]): SecretBox {
  const keys = keysBase64.map(text => Buffer.from(text, "base64"));
  const [sealing] = keys as [Buffer, ...Buffer[]];
  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", sealing, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.from([version]), keyId(sealing), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      const id = sealed.subarray(1, 1 + idBytes);
      const key = keys.find(candidate => keyId(candidate).equals(id));
      if (sealed[0] !== version || !key) throw unknownKey();
      const nonce = sealed.subarray(1 + idBytes, 1 + idBytes + nonceBytes);
      const tag = sealed.subarray(1 + idBytes + nonceBytes, 1 + idBytes + nonceBytes + tagBytes);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
      decipher.setAuthTag(tag);
      const body = sealed.subarray(1 + idBytes + nonceBytes + tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    },
  };
}

const unknownKey = () =>
  new MolvaError(
    "unknown-secret-key",
    "Credentials were sealed with another key; set MOLVA_SECRET_KEYS_OLD to the earlier one",
    {
      retry: "never",
    },
  );
