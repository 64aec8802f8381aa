import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { envSchema, readEnv } from "#config/env.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readText = (name: string) => readFileSync(join(root, name), "utf8");

interface Service {
  image: string;
  build?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  command: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  networks: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean; driver_opts?: Record<string, string> }>;
  secrets: Record<string, { file: string }>;
}

const compose = parse(readText("docker-compose.yml"), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);

describe("docker-compose.yml", () => {
  it("has the roles of the program and the two stores", () => {
    expect(services.map(([name]) => name).toSorted()).toEqual(
      ["api", "collector", "migrate", "notifier", "postgres", "scheduler", "valkey"].toSorted(),
    );
  });

  it.each(services)("%s runs without root, without rights, on a read-only file system", (_name, service) => {
    expect(service.user).toMatch(/^(node|postgres|valkey)$/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toContain("no-new-privileges:true");
  });

  it.each(services)("%s is watched, or runs once", (_name, { healthcheck, restart }) => {
    if (restart === "no") expect(healthcheck).toEqual({ disable: true });
    else expect(healthcheck?.test?.[0]).toMatch(/^CMD/);
  });

  it.each(services)(
    "%s has commands of plain words: a colon in one would make it something else",
    (_name, service) => {
      const { command, healthcheck } = service;
      for (const word of [...command, ...(healthcheck?.test ?? [])]) expect(word).toBeTypeOf("string");
    },
  );

  it("takes a role for alive while its pulse is young", () => {
    const path = join(mkdtempSync(join(tmpdir(), "molva-pulse-")), "pulse");
    const check = compose.services["collector"]?.healthcheck?.test?.slice(2) ?? [];
    const status = () =>
      spawnSync(process.execPath, check, { env: { MOLVA_PULSE_FILE: path }, stdio: "ignore" }).status;
    expect(status()).toBe(1);
    writeFileSync(path, "");
    expect(status()).toBe(0);
    const minuteAgo = Date.now() / 1000 - 60;
    utimesSync(path, minuteAgo, minuteAgo);
    expect(status()).toBe(1);
    rmSync(dirname(path), { recursive: true });
  });

  it("takes the API for alive while it answers", async () => {
    let answer = 200;
    const server = createServer((request, response) => {
      response.statusCode = request.url === "/healthz" ? answer : 404;
      response.end();
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const check = compose.services["api"]?.healthcheck?.test?.slice(2) ?? [];
    const words = check.map(word => word.replace("8400", String(port)));
    const status = () =>
      new Promise(resolve => {
        execFile(process.execPath, words, error => resolve(error === null ? 0 : error.code));
      });
    expect(await status()).toBe(0);
    answer = 503;
    expect(await status()).toBe(1);
    await new Promise(resolve => server.close(resolve));
    expect(await status()).toBe(1);
  });

  it("calls only commands that the program has", () => {
    const help = execFileSync(process.execPath, ["workers/cli.ts", "--help"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const [, { command }] of ours) expect(help).toMatch(new RegExp(`^ {2}${command[0]}\\s`, "m"));
  });

  it.each(ours)("%s gets only variables that the program reads", (_name, { environment = {} }) => {
    const known = Object.keys(envSchema).flatMap(name => [name, `${name}_FILE`]);
    expect(Object.keys(environment).filter(name => !known.includes(name))).toEqual([]);
  });

  it.each(services)("%s is given the secrets that it is told to read, and no others", (name, service) => {
    const { environment = {}, secrets = [], command } = service;
    const named = JSON.stringify([environment, command, service.healthcheck]).matchAll(
      /run\/secrets\/(\w+)/g,
    );
    const wanted = new Set([...named].map(match => match[1] as string));
    // The roles are made by a script of ours in the database's container.
    if (name === "postgres") for (const role of ["owner", "app"]) wanted.add(`database_${role}_password`);
    expect([...wanted].toSorted()).toEqual(secrets.toSorted());
  });

  it("shows the owner's role to nobody but the migration, the admin key to nobody but the API", () => {
    const holders = (secret: string) =>
      services.filter(([, service]) => service.secrets?.includes(secret)).map(([name]) => name);
    expect(holders("migrate_database_url")).toEqual(["migrate"]);
    expect(holders("admin_key")).toEqual(["api"]);
    expect(holders("postgres_password")).toEqual(["postgres"]);
  });

  it("lets only collectors and notifiers out, and only the API's port in, from this machine", () => {
    const inNetwork = (network: string) =>
      services.filter(([, service]) => service.networks.includes(network)).map(([name]) => name);
    expect(compose.networks["inside"]?.internal).toBe(true);
    expect(inNetwork("inside")).toHaveLength(services.length);
    expect(inNetwork("outside").toSorted()).toEqual(["collector", "notifier"]);
    expect(inNetwork("door")).toEqual(["api"]);
    expect(compose.networks["door"]?.driver_opts).toEqual({
      "com.docker.network.bridge.enable_ip_masquerade": "false",
    });
    expect(services.flatMap(([name, { ports = [] }]) => ports.map(port => [name, port]))).toEqual([
      ["api", "127.0.0.1:8400:8400"],
    ]);
  });

  it("starts roles after the migration, and the migration after the database", () => {
    for (const [name, { depends_on: after = {} }] of ours) {
      expect(after["postgres"]).toEqual({ condition: "service_healthy" });
      if (name !== "migrate")
        expect(after["migrate"]).toEqual({ condition: "service_completed_successfully" });
    }
  });

  it("keeps the queue as the program demands it", () => {
    expect(compose.services["valkey"]?.command.join(" ")).toContain(
      "--appendonly yes --maxmemory-policy noeviction",
    );
  });
});

describe("docker/make-secrets.sh", () => {
  let dir: string;
  const make = () => execFileSync("bash", [join(dir, "make-secrets.sh")], { encoding: "utf8" });
  const secret = (name: string) => readFileSync(join(dir, "secrets", name), "utf8");
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "molva-secrets-"));
    copyFileSync(join(root, "docker/make-secrets.sh"), join(dir, "make-secrets.sh"));
    make();
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("makes every secret of the compose file, once, and hides them from git", () => {
    const files = Object.values(compose.secrets).map(({ file }) => file.replace("docker/secrets/", ""));
    expect(readdirSync(join(dir, "secrets")).toSorted()).toEqual([".gitignore", ...files].toSorted());
    expect(secret(".gitignore")).toBe("*\n");
    const before = files.map(secret);
    expect(make()).toBe("");
    expect(files.map(secret)).toEqual(before);
    expect(new Set(before).size).toBe(files.length);
  });

  it.each(ours)("makes what %s can start with", (_name, { environment = {} }) => {
    const given = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        String(value).replace(/^\$\{\w+:-(.*)\}$/, "$1"),
      ]),
    );
    const env = readEnv(given, path => secret(path.replace("/run/secrets/", "")));
    expect(env.DATABASE_URL).toMatch(/^postgres:\/\/molva_app:[A-Za-z0-9]{40}@postgres:5432\/molva$/);
    expect(Buffer.from(env.MOLVA_SECRET_KEY ?? "", "base64")).toHaveLength(32);
  });
});

describe("the image", () => {
  it("holds every folder that the program imports, and .dockerignore lets it in", () => {
    const { imports } = JSON.parse(readText("package.json")) as { imports: Record<string, string> };
    const folders = new Set(Object.values(imports).map(path => path.split("/")[1] as string));
    folders.delete("tests");
    const copied = [...readText("Dockerfile").matchAll(/^COPY (\w+) \1$/gm)].map(match => match[1] as string);
    expect(copied.toSorted()).toEqual([...folders].toSorted());
    const admitted = readText(".dockerignore").matchAll(/^!(.+)$/gm);
    expect([...admitted].map(match => match[1])).toEqual(
      expect.arrayContaining([...copied, "package.json", "package-lock.json", "LICENSE"]),
    );
  });

  it("does not run as root", () => {
    expect(readText("Dockerfile")).toMatch(/^USER node$/m);
  });
});
