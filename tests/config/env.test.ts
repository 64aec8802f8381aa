import { describe, expect, it } from "vitest";
import { EnvError, readEnv } from "#config/env.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const files: Record<string, string> = { "/run/secrets/key": `${key}\n` };
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error("ENOENT");
  return text;
};
const read = (source: Record<string, string>) => readEnv(source, readFile);
const refused = (source: Record<string, string>): string => {
  try {
    read(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  throw new Error("not refused");
};

describe("the environment", () => {
  it("needs nothing for a first try", () => {
    expect(read({})).toMatchObject({
      HOST: "127.0.0.1",
      PORT: 8400,
      MOLVA_DATA_DIR: "./.molva",
      MOLVA_EGRESS_ALLOW: [],
    });
  });

  it("takes a value from a file and its lists apart", () => {
    const env = read({
      MOLVA_SECRET_KEY_FILE: "/run/secrets/key",
      MOLVA_EGRESS_ALLOW: "127.0.0.0/8, intranet.local ,",
      PORT: "",
    });
    expect(env).toMatchObject({
      MOLVA_SECRET_KEY: key,
      MOLVA_EGRESS_ALLOW: ["127.0.0.0/8", "intranet.local"],
      PORT: 8400,
    });
  });

  it.each([
    [{ PORT: "http" }, 'PORT: given "http"; expected a number'],
    [{ PORT: "70000" }, 'PORT: given "70000"; expected at most 65535'],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL: given a value not shown here; expected postgres://"],
    [{ DATABASE_URL: "postgres://a@b/c" }, "MOLVA_SECRET_KEY: not given; with DATABASE_URL it is required"],
    [
      { MOLVA_SECRET_KEY: "short" },
      "MOLVA_SECRET_KEY: given a value not shown here; expected 32 bytes in base64",
    ],
    [{ MOLVA_SECRET_KEY: key, MOLVA_SECRET_KEY_FILE: "/run/secrets/key" }, "given twice"],
    [
      { MOLVA_ADMIN_KEY_FILE: "/nowhere" },
      'MOLVA_ADMIN_KEY_FILE: given "/nowhere"; expected a file that can be read',
    ],
    [
      { MOLVA_PUBLIC_URL: "ftp://x" },
      'MOLVA_PUBLIC_URL: given "ftp://x"; expected an http:// or https:// address',
    ],
    [
      { MOLVA_LOG_LEVEL: "loud" },
      'MOLVA_LOG_LEVEL: given "loud"; expected one of debug, info, warn, error, silent',
    ],
  ] as [Record<string, string>, string][])("refuses %j in one line", (source, line) => {
    const message = refused(source);
    expect(message).toContain(line);
    expect(message).not.toContain("\n");
  });

  it("never shows a secret that was wrong", () => {
    expect(refused({ MOLVA_ADMIN_KEY: "hunter2" })).not.toContain("hunter2");
    expect(refused({ REDIS_URL: "http://user:hunter2@host" })).not.toContain("hunter2");
  });
});
