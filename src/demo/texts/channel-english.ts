import { channelPost, live } from "./define.ts";

/** “Svetlorechye in English”: a small channel for newcomers. */
export const englishChannelPosts = [
  channelPost(
    58,
    "Welcome! One post a day about living here: food, paperwork, weather, and where the good bread is.",
  ),
  channelPost(
    54,
    "New on Sadovaya: Volna, coffee and pastries from 8 to 22. Card payments work with foreign cards, we checked.",
  ),
  channelPost(
    46,
    "Reader tip: say “с собой” at Volna for takeaway and you get a ten percent discount if you bring your own cup.",
  ),
  channelPost(38, "Chibis has the best sourdough in town. Fight us."),
  channelPost(
    30,
    "We waited 40 minutes for two toasts at Volna on Vokzalnaya. Nobody apologised. The toasts were burnt. Skip it at noon.",
  ),
  channelPost(22, "Tax residency guide is pinned. No, we are not lawyers. Yes, bring copies of everything."),
  channelPost(
    12,
    "Two people were hospitalised after eating eclairs from Volna. The batch is withdrawn; throw yours away if bought last weekend.",
  ),
  channelPost(
    5,
    "Coffee festival on Saturday in the park, free entry. Volna and Chibis will be pouring next to each other. Bring popcorn.",
  ),
  channelPost(
    live(1),
    "Volna opens at the Polytechnic today and the student discount works with an international card. Lovely news for the dorms!",
  ),
  channelPost(
    live(2),
    "Heads up: several readers say the Volna app charged them twice again this morning. Pay cash until it is fixed.",
  ),
  channelPost(
    live(3),
    "Chibis is looking for an English-speaking barista, part time. Write to them directly.",
  ),
  channelPost(
    live(4),
    "Volna's new pumpkin raf: sweet, salty, gone in a minute. We would drink it for breakfast.",
  ),
  channelPost(
    live(5),
    "Someone left a thank-you note to the Volna night shift on the door. It says: “You saved my thesis.” We are not crying, you are.",
  ),
];
