import { live, post, thread } from "./define.ts";

/** The forum's English corner: newcomers, students, tourists. */
export const englishThreads = [
  thread("english", "Where do you get decent coffee here?", [
    post(
      53,
      "owen_k",
      "Just moved to Svetlorechye for a year. Looking for somewhere with proper espresso and ideally a menu I can read.",
    ),
    post(
      53,
      "Priya",
      "Volna on Sadovaya. English menu, friendly staff, and they remember your order after the second visit. My happy place.",
    ),
    post(52, "marta.in.ru", "Chibis if you like light roasts. Volna if you like normal coffee :)"),
    post(
      50,
      "owen_k",
      "Tried Volna. The flat white was excellent, the cinnamon roll even better. Thank you!",
    ),
    post(
      48,
      "GrumpyTed",
      "Am I the only one who thinks Volna is wildly overpriced? Four dollars for a small latte in a town where lunch costs five.",
    ),
    post(
      live(4),
      "Priya",
      "Update: Volna now has oat milk at no extra charge and the barista practised her English with me for ten minutes. Love this place.",
    ),
  ]),
  thread("english", "Volna app only in Russian?", [
    post(
      37,
      "GrumpyTed",
      "Cannot register in the Volna app with a foreign phone number. It just says error 17. Anyone managed it?",
    ),
    post(36, "Priya", "Choose +7, then delete it and type your own code. Silly, but works."),
    post(36, "GrumpyTed", "That worked, cheers. Still, who tested this?", { quote: "Priya" }),
    post(
      28,
      "lucas_m",
      "English came with the last update. Half the buttons are translated, the other half are adventure.",
    ),
    post(
      live(1),
      "GrumpyTed",
      "Volna charged my card twice and support only answers in Russian through a translator that calls me «dear flounder». I want my money back, this is a joke.",
    ),
  ]),
  thread("english", "Food allergy warning", [
    post(
      14,
      "Hannah W.",
      "Please be careful at Volna near the station. I asked twice if the brownie had nuts, was told no, and ended up in the emergency room. It had walnuts. My husband has the receipt and we are filing a complaint.",
      {
        answer: {
          after: "4h",
          text: "Hannah, we are deeply sorry and relieved that you are recovering. The brownie has been taken off the menu until every label is checked, and our quality lead is calling you today. This should never have happened.",
        },
      },
    ),
    post(13, "owen_k", "That is terrifying. Hope you are okay, Hannah."),
    post(
      8,
      "Hannah W.",
      "I am fine now. They paid the hospital bill and showed me the new allergen cards. Not going back soon, but they did take it seriously.",
    ),
  ]),
  thread("english", "Best place to work with a laptop", [
    post(21, "lucas_m", "Need sockets, wifi, no music wars. Suggestions?"),
    post(
      21,
      "marta.in.ru",
      "Volna on the embankment, second floor. Quiet until four, fast wifi, nobody rushes you.",
    ),
    post(20, "lucas_m", "Spent the day there. Good light, good filter, one wobbly table. Recommended."),
    post(
      live(3),
      "lucas_m",
      "They put a two hour limit on tables at Volna now. With a laptop sign and a timer. So much for my office.",
    ),
  ]),
  thread("english", "Delivery that reaches the dorms", [
    post(11, "Amina_22", "Does anyone deliver to dorm 4 after ten? Asking for a hungry floor."),
    post(11, "Priya", "Volna until 22:30, Chibis stops at nine."),
    post(
      10,
      "Amina_22",
      "Ordered from Volna at 21:50, arrived 22:15, still hot, and the courier found the back entrance by himself. Legend.",
    ),
    post(live(2), "Amina_22", "Late one tonight: 55 minutes. Soup survived, fries did not."),
    post(
      live(5),
      "owen_k",
      "Volna cancelled my order after an hour, no reason, no call. The whole floor went to bed hungry. Never again.",
      {
        answer: {
          after: "50s",
          text: "Owen, we are sorry: the kitchen lost power and our message never reached you. The refund is done, and the next dinner for your floor is on us.",
        },
      },
    ),
    post(
      live(6),
      "Amina_22",
      "Where do I find the complaint form in English? Volna's site has only a phone number.",
    ),
    post(live(7), "owen_k", "Fair play, they did send dinner for all eleven of us. Apology accepted."),
  ]),
];
