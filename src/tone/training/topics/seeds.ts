import { lexicon } from "#tone/lexicon/tables.ts";
import { type AspectName, aspectCount, aspectNames } from "#tone/topics/outputs.ts";
import type { TopicText } from "./texts.ts";

/** Plain ways to speak of an aspect, beside the words of the dictionary; parted by ` / `. */
const phrases: Readonly<Record<AspectName, string>> = {
  delivery: `доставка / доставили / привезли / курьер / посылка / пункт выдачи / заказ приехал / везли две недели / не довезли / отправили не туда / трек не обновляется / курьер не позвонил / доставили на день раньше
    delivery / delivered / the parcel arrived / courier / shipping / the driver left it / never arrived / dispatch / lost in the post`,
  quality: `качество / качественный / сломался / перестал работать / брак / треснул / отвалилась ручка / сборка / швы / материал / протекает / служит третий год / ржавеет / рассыпался / надёжный / не включается / линяет / ломается
    quality / broke / stopped working / faulty / well made / fell apart / sturdy / flimsy / leaks / still going strong / cracked / died after a week / durable`,
  taste: `вкусно / невкусно / вкус / еда / кухня / блюда / порции / пицца / суп / салат / кофе / мясо / рыба / десерт / свежий / пересолено / сырое / холодная еда / шашлык / завтрак / повар / меню / роллы / тесто
    tasty / delicious / food / taste / flavour / bland / undercooked / cold soup / coffee / portion / dessert / fresh / breakfast / meal / dish / chef`,
  price: `цена / цены / дорого / дёшево / недорого / стоит своих денег / переплата / тариф / скидка / подняли цены / завышенная цена / выгодно / бюджетно / расходы на обслуживание / соотношение цены и качества / стоимость запчастей / рублей / тысяч
    price / expensive / cheap / overpriced / worth the money / good value / costs / fee / subscription went up / bargain / rip-off price`,
  service: `обслуживание / сервис / поддержка / не отвечают / горячая линия / чат поддержки / не перезвонили / решили вопрос / отвечают шаблоном / заказ приняли / долго не подходили / обслужили / оператор / бот в чате / отписки / помогли
    service / support / customer service / nobody answers / helpline / chat bot / never called back / sorted it out / replied / canned answer / on hold`,
  staff: `персонал / продавец / менеджер / администратор / официант / сотрудники / кассир / мастер / охранник / водитель / врач / воспитатель / учитель / тренер / консультант / нахамили / грубит / вежливый / приветливая девушка / хамство / улыбчивый / внимательный
    staff / waiter / manager / receptionist / rude / friendly / polite / helpful employees / the guy at the desk / cashier / technician / teacher`,
  packaging: `упаковка / упаковано / коробка / коробка мятая / пакет порван / плёнка / без упаковки / крышка протекла / пупырка / банка вздулась / запечатано / вскрытая упаковка
    packaging / packed / box / bubble wrap / wrapped / dented box / sealed / the lid leaked / torn bag`,
  size: `размер / маломерит / большемерит / мало / велико / размер подошёл / короткие рукава / узкие в плечах / длина / посадка / сел идеально / на размер больше / жмут / тесные / по фигуре / таблица размеров
    size / too small / too big / fits / true to size / runs large / too tight / sleeves too long / fit`,
  refund: `возврат / вернули деньги / не вернули деньги / деньги не возвращают / обменяли / отказали в возврате / компенсация / гарантия / возместили / вернуть товар / деньги вернули за день / отказ по гарантии
    refund / money back / return / returned / exchange / warranty / they refused to refund / compensation / voucher instead of refund`,
  app: `приложение / сайт / вылетает / зависает / личный кабинет / обновление / не могу войти / интерфейс / кнопка / глючит / тормозит / пуш / уведомления / поиск не работает / пароль / код не приходит / удобное приложение
    app / website / crashes / freezes / login / update / interface / notifications / buggy / search does not work / dark mode / password`,
  safety: `опасно / безопасность / загорелся / задымился / ударило током / отравились / аллергия / ожог / травма / плесень / просрочка / тараканы / искрит / подушки безопасности / тормоза отказали / скользко / взорвался / утечка газа / кровь / скорая
    unsafe / dangerous / caught fire / food poisoning / allergic reaction / burned / mould / shock / brakes failed / airbags / injured / overheats / expired`,
  assortment: `ассортимент / выбор / нет в наличии / большой выбор / пустые полки / товара нет / разнообразие / есть всё / карта вин / выбор блюд / размеров нет / наличие
    selection / choice / out of stock / range / variety / empty shelves / they have everything / in stock`,
  place: `интерьер / зал / помещение / чисто / грязно / номер / туалет / атмосфера / музыка / парковка / территория / расположение / очередь / пляж / бассейн / уборка / душно / обстановка / столики / шумно / прокурено / вид из окна / подъезд / ремонт
    room / place / clean / dirty / toilets / atmosphere / parking / location / lobby / music / pool / beach / view / noisy / decor`,
  honesty: `обман / обманули / мошенники / развод / навязали / реклама врёт / обещали / скрытые платежи / подделка / не соответствует описанию / честно / врут / не как на фото / отзывы куплены / без обмана / подменили / прописано мелким шрифтом
    scam / lied / misleading / hidden fees / fake / honest / not as described / they promised / bait and switch / false advertising / small print`,
  speed: `быстро / медленно / долго / ждали / ждём третью неделю / за пять минут / через два часа / вовремя / опоздали / задержка / очередь двигалась / оперативно / сроки / мгновенно / с утра до вечера / на следующий день
    fast / quick / slow / waited an hour / took forever / on time / late / delay / within minutes / three weeks / next day`,
  payment: `оплата / списали / списали дважды / карта / перевод / счёт / платёж не прошёл / комиссия / кэшбэк / кредит / вклад / проценты / страховка в кредите / баллы / чек / терминал / заблокировали счёт
    payment / charged twice / card / transfer / account blocked / bill / direct debit / cashback / invoice / autopay`,
  connection: `связь / интернет / сеть / скорость интернета / обрывы / вайфай / роуминг / сигнал / не ловит / покрытие / пинг / роутер / нет связи / мегабит / звонки обрываются / палки
    internet / signal / wifi / coverage / dropped calls / no bars / broadband / speed test / router / roaming / connection`,
  treatment: `лечение / диагноз / анализы / приём / операция / пломба / зуб / назначили / вылечили / стало хуже / укол / обследование / процедура / боль прошла / УЗИ / выписали таблетки / лекарство помогло
    treatment / diagnosis / tests / surgery / filling / tooth / prescribed / procedure / pain is gone / cured / appointment / injection`,
  comfort: `удобно / неудобно / комфорт / комфортный / мягкий / уютно / салон просторный / багажник / места много / сиденья / шумоизоляция / кресло / диван / тесно в салоне / спина не устаёт / матрас / подогрев / кондиционер / эргономика / лёгкий / места для ног / жёсткий / натирает / спится отлично
    comfortable / uncomfortable / cosy / soft / legroom / seat / mattress / hurts my back / spacious / easy to hold / light / rubs`,
  appearance: `внешний вид / красивый / дизайн / цвет / стильно / смотрится дорого / выглядит дёшево / некрасивый / внешность / кузов / фары / облик / оттенок не тот / как на фото / рисунок / симпатичный / эффектно
    looks / beautiful / design / colour / stylish / ugly / looks cheap / pretty / shade / elegant / finish`,
  performance: `мощность / двигатель / мотор / разгон / динамика / управляемость / подвеска / коробка передач / тормоза / расход топлива / батарея / держит заряд / звук / камера / экран / яркость / память / греет / всасывает / громкость / тянет / руль / проходимость / клиренс / производительность / шумит
    performance / engine / battery life / sound / camera / screen / powerful / suction / handling / acceleration / mileage / brakes / charge / bright / loud / lag`,
};

const plain = (pattern: string): string => pattern.replaceAll(/[*~#]/gu, "").replaceAll("_", " ");

/** Words and phrases as texts of one clause each, that say their aspect and no other. */
export function seedTexts(): TopicText[] {
  return aspectNames.flatMap((name, aspect) => {
    const words = (lexicon.aspects[name] ?? "").trim().split(/\s+/u).map(plain);
    const said = phrases[name].split(/\n|\//u).map(phrase => phrase.trim());
    return [...new Set([...words, ...said])]
      .filter(text => text !== "")
      .map(text => ({
        set: "seeds",
        input: { text, kind: null },
        spans: [{ aspect, start: 0, end: text.length, tone: null }],
        groups: [{ name: "every", aspects: Array.from({ length: aspectCount }, (_, at) => at) }],
        said: new Set<string>(),
        flags: null,
        key: 0,
        test: false,
      }));
  });
}
