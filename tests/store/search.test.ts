import { afterAll, beforeAll, expect, test } from "vitest";
import { pushTexts } from "#pipeline/push.ts";
