import { article, live } from "./define.ts";

/** “The Svetlorechye Post”: news in English. */
export const englishArticles = [
  article(
    57,
    "A fourth coffee shop for Volna",
    "The local chain Volna has opened on Sadovaya Street, in a former pharmacy. Twelve people work there, and the bread comes from the chain's own bakery across the river.",
  ),
  article(
    47,
    "Across the river, dinner arrives cold",
    "Residents of Lesnaya have signed a letter to delivery companies. Most complaints name Volna: orders take more than an hour and arrive cold. The company admits the problem and promises a kitchen on that bank within weeks.",
    "Nora Field",
  ),
  article(
    33,
    "Latte art bronze goes to a local barista",
    "Anton Ryabov of Volna drew a seagull in under three minutes and took third place in the regional championship.",
  ),
  article(
    21,
    "Chibis opens in the Orbita mall",
    "The second Chibis shop drew long queues and a few lost orders. Its owner says the team will double.",
  ),
  article(
    12,
    "Couple in hospital after eating eclairs",
    "Two people were taken to hospital with food poisoning after eating eclairs from Volna. The batch has been withdrawn and an inspection is under way.",
  ),
  article(
    8,
    "Volna apologises for double charges",
    "A faulty update made the Volna app charge customers twice. The chain has returned the money, added bonus points and published an unusually frank account of the mistake.",
    "Nora Field",
  ),
  article(
    2,
    "Eight thousand cups later",
    "The coffee festival ended without incident. The longest queue belonged to Volna; the happiest faces, reporters agreed, belonged to the dogs.",
  ),
  article(
    live(1),
    "Students welcome Volna at the Polytechnic",
    "Cheap lunches, plenty of sockets and free coffee for the first hundred guests: the new Volna shop was full by nine.",
  ),
  article(
    live(2),
    "Toddler burned by tea in station café",
    "A three-year-old was treated for a minor burn after a cup lid came off at Volna near the station. The family plans to sue.",
  ),
  article(
    live(3),
    "Volna lid recall widens",
    "The chain has withdrawn every lid from the faulty batch and will refund anyone whose drink leaked.",
  ),
];
