import { live, post, thread } from "./define.ts";

/** Threads that begin with a long story. */
export const longThreads = [
  thread("food", "Месяц на еде из доставки: подробный отчёт", [
    post(
      18,
      "Инженер Гарин",
      `Жена уехала в командировку, готовить я не умею, поэтому месяц жил на доставке и записывал всё в тетрадку. 61 заказ, из них 34 из Волны, 19 из Чибиса, остальное шаурма и грех.

По времени. Волна: среднее 39 минут, худшее 96, лучшее 14. Чибис: среднее 44, худшее 70, зато разброс меньше, то есть они честнее обещают.

По еде. Супы у Волны хорошие, особенно гороховый, его привозят действительно горячим. Вторые блюда слабее: котлеты пересушены, гречка однажды приехала без котлет вовсе, вернули деньги за десять минут. У Чибиса наоборот: второе отличное, а суп похож на воспоминание о супе.

По деньгам. 38 700 рублей за месяц. Это больше, чем ипотека у моего брата. Бонусами вернулось 1 150.

По людям. Курьеры вежливые у всех. Поддержка Волны отвечает быстро, но по бумажке; в Чибисе долго, но с душой.

Вывод: жить можно, но тётя, которая печёт пирожки у рынка, по-прежнему вне конкуренции. Жена вернулась, сварила борщ. Я чуть не заплакал.`,
    ),
    post(18, "Бухгалтер_Нина", "Вот это я понимаю, методология! Таблицу дадите?"),
    post(17, "дед Мазай", "38 тыщ.. мы с бабкой на столько полгода живём"),
    post(17, "Оля_зерно", "Гороховый и правда удачный. А про котлеты передам, знаю их шефа."),
    post(
      live(37),
      "Инженер Гарин",
      "Контрольная закупка: котлеты Волны стали сочными. Эксперимент признаю полезным для общества.",
    ),
  ]),
  thread("english", "One year in Svetlorechye: what I ate and what I learned", [
    post(
      7,
      "owen_k",
      `My contract ends this month, so here is a thank-you note disguised as a restaurant guide.

When I arrived I could say “hello”, “thank you” and “card, please”. The first people who talked to me as if I were not a broken vending machine were the morning shift at Volna on Sadovaya. They taught me the word for cinnamon, corrected my endings, and once refused to serve me a fifth espresso. I owe them my vocabulary and possibly my heart.

It was not all roses. The delivery was hit and miss all winter: one night soup arrived as soup, the next night it arrived as a map of soup inside a paper bag. The double charge last week was infuriating, and the app still thinks my surname is a spelling mistake.

Chibis has better bread and worse opening hours. The market lady has the best pies in the hemisphere and no patience for tourists. Go anyway.

If you are new here: learn the numbers, carry a bag, smile less than at home, and tip the couriers when it rains.`,
    ),
    post(7, "Priya", "I am not crying, there is cinnamon in my eye."),
    post(6, "GrumpyTed", "Agree on everything except the smiling."),
    post(live(8), "marta.in.ru", "Printed this and stuck it to the fridge in dorm 4. Safe travels, Owen!"),
  ]),
];
