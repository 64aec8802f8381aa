import { onTestFinished } from "vitest";
import { openScene, type Scene, type StoreName } from "./scene.ts";
import { allTexts, type Site, startSite } from "./site.ts";
import { appId, channelName } from "./texts.ts";

/** Eight seconds of the program's in one of ours: its claims of one and two minutes expire while we watch. */
const speed = 8;

/** Two brands whose three sources are the places of one site. */
export async function openWatched(store: StoreName): Promise<{ scene: Scene; site: Site }> {
  const scene = await openScene(store, { speed });
  onTestFinished(() => scene.close());
  const site = await startSite(scene.now());
  onTestFinished(() => site.stop());
  const volna = await scene.makeBrand("Волна", "волна", "Europe/Moscow");
  const priboy = await scene.makeBrand("Прибой", "прибой", "America/New_York");
  const both = [volna, priboy];
  await scene.makeSource("rss-feed", { url: `${site.url}/feed.xml`, kind: "comment" }, "4s", both);
  await scene.makeSource("telegram-channel", { baseUrl: site.url, channel: channelName }, "4s", both);
  await scene.makeSource("app-store-reviews", { baseUrl: site.url, appId, countries: ["ru"] }, "4s", [volna]);
  return { scene, site };
}

/** Everything shown is stored as it stands, every run has ended and every message is out. */
export async function isSettled({ query }: Scene, site: Site): Promise<boolean> {
  const texts = allTexts(site);
  const edited = texts.filter(({ firstText }) => firstText !== null).length;
  const [state] = await query<{ texts: number; edited: number; unsent: number }>(`
    select (select count(*)::int from document) as texts, (select count(*)::int from document_version) as edited,
      (select count(*)::int from delivery where state <> 'delivered') as unsent`);
  return state?.texts === texts.length && state.edited === edited && state.unsent === 0;
}
