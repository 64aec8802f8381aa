import type { Language } from "./wording.ts";

/** What became of a pressed button. */
export type PressOutcome = "acked" | "already" | "stranger" | "foreign" | "gone" | "test";

/** What somebody who pressed a button is told; `user` is the id, in Slack `workspace/member`. At most 200 characters: Telegram shows no more. */
export function pressText(
  language: Language,
  outcome: PressOutcome,
  { user, ackedCount }: { user: string; ackedCount: number },
): string {
  return texts[language][outcome](user, ackedCount);
}

type Say = (user: string, count: number) => string;

const texts: Record<Language, Record<PressOutcome, Say>> = {
  ru: {
    acked: (_user, count) => (count > 1 ? `Подтверждено. Оповещений: ${count}.` : "Подтверждено."),
    already: () => "Уже подтверждено.",
    stranger: user =>
      `Molva вас не знает, поэтому ничего не подтверждено. Попросите администратора указать в вашей карточке сотрудника id ${user}.`,
    foreign: () => "Ничего не подтверждено: этот бренд вам не поручен.",
    gone: () => "Такого сообщения в Molva больше нет, подтверждать нечего.",
    test: () => "Кнопка работает, и Molva вас знает. Это проверка: подтверждать нечего.",
  },
  en: {
    acked: (_user, count) => (count > 1 ? `Acknowledged: ${count} alerts.` : "Acknowledged."),
    already: () => "Already acknowledged.",
    stranger: user =>
      `Molva does not know you, so nothing is acknowledged. Ask an administrator to add the id ${user} to your person in Molva.`,
    foreign: () => "Nothing is acknowledged: this brand is not yours to answer for.",
    gone: () => "Molva has no such message any more, there is nothing to acknowledge.",
    test: () => "The button works, and Molva knows you. This is a test: there is nothing to acknowledge.",
  },
};
