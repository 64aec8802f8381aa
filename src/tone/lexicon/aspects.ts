import type { Marked } from "./define.ts";

/** What a clause is about. A word may belong here and to the tone vocabulary at once. */
export const aspectWords: Marked = {
  delivery: `доставк* доставл* доставил* курьер* пвз постамат* самовывоз* привез* привезл* посылк* отправлен* отправил* отправк* логистик* трек-номер* трек пункт*_выдач* почт* сдэк*
    deliver* shipping shipped shipment* courier* parcel* package_arriv* postage arriv* dispatch* tracking driver`,
  quality: `качеств* брак браком брака бракован* дефект* материал* ткань ткани сборк* швы шов шва сломал* сломан* поломк* порвал* прочн* надежн* износ* хлипк* добротн* развалил* не_работа* работает_исправн* оригинал подделк* паленк*
    quality defect* faulty broken broke material* fabric durab* sturdy flimsy well_made poorly_made craftsmanship stopped_working doesnt_work fell_apart works_great`,
  taste: `вкус вкуса вкусу вкусом вкусн* невкусн* безвкусн* еда еды еду едой блюд* кухн~ порци* повар* пицц* суши ролл* роллы суп супа салат* шашлык* бургер* кофе пересол* недосол* аромат* сочн* выпечк* завтрак* обед* ужин*
    taste* tasty food meal* dish dishes flavor* flavour* delicious menu portion* breakfast dinner lunch chef pizza burger* coffee`,
  price: `цен~ цена цены цене цену ценой цен ценник* стоимост* дорого дорог* дороговат* дешев* недорог* переплат* тариф* скидк* акци~ промокод* наценк* бюджетн* выгодн* завышен* втридорога подорожа* комисси* процент* ставк*
    price* pricey cost costs costly expensive* cheap cheaper affordab* overpriced value_for_money fee fees charge charges discount* bargain rate rates`,
  service: `сервис* обслуживан* поддержк* техподдержк* оператор* чат чате бот боту колл-центр* горяч*_лини* дозвон* дозвонит* дозвониться консультац* отдел_по служба_заботы не_отвеча* не_перезвон*
    service* support helpdesk help_desk call_center hotline customer_care customer_service response responded`,
  staff: `персонал* сотрудни* продав* продавец менеджер* официант* администратор* консультант* кассир* врач* доктор* медсестр* врачи специалист* мастер* мастера охранник* охран* водител* хам* грубит* грубо вежлив* невежлив* приветлив* хамств* воспитател* учител* преподавател* тренер* горничн* бармен*
    staff employee* manager* waiter* waitress* cashier* doctor* nurse* dentist* receptionist* rude rudely polite* friendly attendant* salesm* salesperson associate* teacher* technician* server servers bartender*`,
  packaging: `упаков* коробк* пакет* пакет пупырк* пленк* тара обертк* помят* распаков* запечатан* вскрыт*
    packag* packaging packed box boxes wrapp* bubble_wrap sealed`,
  size: `размер* маломер* большемер* маломерит большемерит велик~ великоват* маловат* рост~ посадк* сидит длина длин~ рукав* объем_груди впору тесн* узк~
    size sizes sized sizing fit fits fitted fitting too_small too_big too_large too_tight length sleeve*`,
  refund: `возврат* вернул*_деньг* вернули_деньги верните_деньги деньги_вернул* не_вернул* деньги_не_верн* возмещ* компенсац* возместил* обмен~ обменял* гаранти* отказ_в_возврат*
    refund* money_back return_policy returned returns exchange* reimburs* compensat* warranty guarantee*`,
  app: `приложен* приложение сайт* сайта интерфейс* личн*_кабинет* обновлен* авториз* логин* пароль пароля вылетает зависает глючит баг* баги лагает регистраци* уведомлен* прошивк* поиск_по
    app apps application website site webpage interface login password update updates crash* bug bugs buggy glitch* notification* ui`,
  safety: `безопасн* опасн* отравил* отравлен* аллерги* ожог~ травм* просроч* просрочен* плесен* таракан* антисанитар* токсич* загорел* взорв* ударил*_током бьет_током угроза_жизни здоровь* инфекц* рвот*
    safe safety unsafe danger* poison* allerg* burn burned burnt injur* expired mold* mould* cockroach* toxic fire hazard* shock`,
  assortment: `ассортимент* выбор~ выбора выбор_товар* наличи* в_наличии разнообраз* нет_в_наличии товаров бренд~
    assortment selection range_of choice choices stock in_stock out_of_stock variety availability`,
  place: `помещен* интерьер* обстановк* атмосфер* зал зала залы туалет* номер~ номера номере номеров грязн* чистот* чисто уборк* убира* парковк* расположен* местоположен* территори* пляж* бассейн* кондиционер* матрас* кровать кровати шумно вид_из белье полотенц* лифт* подъезд* очеред* очередь
    place location room rooms lobby atmosphere ambiance ambience decor interior clean cleanliness dirty filthy bathroom* toilet* parking pool bed beds view queue`,
  honesty: `обман* обманул* мошен* развод разводят реклам* честн* нечестн* вранье врут врет скрыт*_платеж* навяз* навязал* лохотрон* кидал* введ*_в_заблужд* обещал* обещан* не_соответ*_описан* накрут*_отзыв* фейк*
    scam* fraud* lied lying liar* honest* dishonest* mislead* misled advertis* advertised deceiv* decept* hidden_fee* promised fake transparent* cheat* rip_off`,
  speed: `быстр~ быстро медлен* медленно долго ждал* ждать ждем ожидани* задержк* задерж* опозда* опаздыва* вовремя оперативн* срок~ сроки сроков в_срок
    fast faster quick quickly slow slowly delay* late wait waited waiting prompt* on_time`,
  payment: `оплат* платеж* списал* списан* карт~ карта карты карту картой кредит* ипотек* вклад* перевод~ переводы счет счета страховк* банкомат* кэшбэк* кешбэк* бонус~ бонусы
    payment* card cards account loan mortgage transfer* deposit atm cashback balance billing bill`,
  connection: `связь связи интернет* сигнал* вай-фай wi-fi wifi мобильн*_интернет* скорость_интернет* роуминг* звонк* покрыти* обрыв*_связ* сеть сети
    internet signal coverage connection network roaming wifi wi-fi broadband data_plan`,
  treatment: `лечен* лечил* прием~ прием приеме диагноз* анализ* анализы операци~ пломб* зуб~ зубы зубов процедур* укол* узи рецепт*
    treatment diagnos* surgery procedure* appointment* filling tooth teeth prescription* exam`,
};
