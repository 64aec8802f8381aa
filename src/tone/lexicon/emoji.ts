import type { Weighted } from "./define.ts";

/** Emoji by level; skin tones and joiners after them are skipped. */
export const emojiTone: Weighted = [
  [3, "😍 🥰 🤩 😘 ❤ ♥ 💖 💕 💗 💓 💞 💝 💘 💯 🏆 🥇 🎉 🥳 🔥 👏 🙌 😻 💋 🫶 🤗"],
  [
    2,
    "😀 😃 😄 😁 😆 😊 ☺ 🙂 😉 😋 😎 😇 👍 👌 💪 ✨ ⭐ 🌟 🤝 💐 🌹 🌸 🌺 💚 💙 💜 🧡 💛 🖤 🤍 💃 🕺 🎁 🤤 😽 😺 😌 ✌ 🙏 😂 🤣 😹 ☀ 🌞 ✅ 🥂",
  ],
  [
    -2,
    "😕 🙁 ☹ 😟 😔 😞 😒 🙄 😑 😐 😬 😖 😣 😩 😫 🥺 😥 😪 😓 😰 😨 🤔 🤨 😶 🤷 🤦 💔 ⚠ 🚫 ⛔ ❌ 🐌 😳 🥱 🫤",
  ],
  [-3, "😢 😭 😠 😡 🤬 👎 💩 🤮 🤢 😤 👿 😾 🖕 🤡 😱 🤯 ☠ 💀 🆘 🪳 🐷 🙈 😧 😦"],
];
