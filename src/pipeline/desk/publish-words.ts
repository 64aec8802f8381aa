import type { ReplyLimits, Words } from "#sources/define.ts";

/** Why a reply did not come to stand where it should, for the people who take the case again. */
export const publishWords = {
  answered: {
    en: "Another answer already stands under this text, so this one was not sent.",
    ru: "Под этим текстом уже есть другой ответ, поэтому ваш не отправлен.",
  },
  ended: {
    en: "The case ended before the answer was sent.",
    ru: "Обращение закрыли раньше, чем ответ был отправлен.",
  },
  erased: {
    en: "The author's data were erased: there is nothing left to answer.",
    ru: "Данные автора удалены: отвечать больше не на что.",
  },
  gone: {
    en: "The source does not find this text any more; it may have been removed.",
    ru: "Площадка больше не находит этот текст: возможно, его удалили.",
  },
  rejected: {
    en: "The source's moderators turned the answer down. Change it and send it again.",
    ru: "Модераторы площадки отклонили ответ. Измените его и отправьте снова.",
  },
  replaced: {
    en: "Another answer stands under this text now.",
    ru: "Теперь под этим текстом стоит другой ответ.",
  },
  removed: {
    en: "The answer was published and is not shown any more.",
    ru: "Ответ был опубликован, но площадка его больше не показывает.",
  },
  adapted: {
    en: "Published in other words than those approved.",
    ru: "Опубликован не в той формулировке, которую одобрили.",
  },
  sourceOff: {
    en: "The source is switched off or archived. Switch it on and send the answer again.",
    ru: "Источник выключен или в архиве. Включите его и отправьте ответ ещё раз.",
  },
  credentials: {
    en: "The source has no credentials that can be used. Enter them anew and send the answer again.",
    ru: "У источника нет рабочих учётных данных. Введите их заново и отправьте ответ ещё раз.",
  },
  noOriginal: {
    en: "The answer that was to be changed does not stand there any more.",
    ru: "Ответа, который нужно было изменить, больше нет.",
  },
  editsSpent: {
    en: "The source does not let this answer be changed once more.",
    ru: "Площадка больше не разрешает менять этот ответ.",
  },
  editLate: {
    en: "The time in which the source lets an answer be changed is over.",
    ru: "Срок, в который площадка разрешает менять ответ, истёк.",
  },
  unreachable: {
    en: "The source could not be reached, and nothing of the answer stands there. Send it again later.",
    ru: "Связаться с площадкой не удалось, ответа под текстом нет. Отправьте его позже.",
  },
  notTaken: {
    en: "The source was sent the answer several times and does not show it. Send it again later.",
    ru: "Ответ отправляли несколько раз, но на площадке он так и не появился. Отправьте его позже.",
  },
  silent: {
    en: "It could not be found out whether the answer was published: the source does not tell. Look there before you answer again.",
    ru: "Не удалось выяснить, опубликован ли ответ: площадка не отвечает. Проверьте это на площадке, прежде чем отвечать ещё раз.",
  },
  unseen: {
    en: "The source took the answer but does not show it. Look there before you answer again.",
    ru: "Площадка приняла ответ, но не показывает его. Проверьте это на площадке, прежде чем отвечать ещё раз.",
  },
  moderated: {
    en: "The answer has been with the source's moderators for two weeks. Ask them, or look there before you answer again.",
    ru: "Ответ уже две недели на модерации. Спросите поддержку площадки или проверьте ответ там, прежде чем отвечать ещё раз.",
  },
} as const satisfies Record<string, Words>;

/** Said of a text that is too short or too long for its target. */
export const lengthWords = (length: number, { minLength, maxLength }: ReplyLimits): Words => ({
  en: `The answer has ${length} characters; the source takes ${minLength} to ${maxLength}.`,
  ru: `Знаков в ответе: ${length}; площадка принимает от ${minLength} до ${maxLength}.`,
});

/** Said of an address that may not be asked, in the words of the error. */
export const addressWords = (message: string): Words => ({
  en: message,
  ru: `Molva не может обратиться по адресу источника, проверьте его настройки. ${message}`,
});
