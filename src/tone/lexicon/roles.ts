import type { Marked } from "./define.ts";

/** Words that change the weight of others. Contractions are written without the apostrophe. */
export const roleWords: Marked = {
  negator: `не ни нет нету без никак никогда нельзя отнюдь вовсе_не not no never nor without cannot cant dont doesnt didnt wont wouldnt
    couldnt shouldnt isnt arent wasnt werent hasnt havent hadnt aint hardly barely scarcely`,
  farNegator: `neither none nothing nobody no_one`,
  that: `что that будто якобы`,
  strong: `очень крайне весьма безумно невероятно чрезвычайно абсолютно совершенно полностью просто реально действительно самый самая самое
    самые самых супер мега ужасно дико жутко жесть_как капец_как пипец_как ппц_как так такой такая такое такие настолько столь сильно особенно максимально вообще
    исключительно однозначно откровенно полный полная полное полнейш* сплошн* редкостн* very extremely really so absolutely totally completely utterly
    incredibly super truly highly deeply especially particularly insanely ridiculously exceptionally seriously such most quite_a freaking damn hella`,
  weak: `немного чуть слегка чуть-чуть отчасти местами иногда порой довольно достаточно относительно почти вроде более-менее более_менее
    несколько малость слабо чутка мало редко едва slightly somewhat bit little kinda sorta partly partially almost fairly sometimes occasionally relatively mildly rather rarely seldom`,
  but: `а_мне а_я а_у_меня а_у_нас а_мы а_нам а_теперь а_сейчас а_на_деле а_по_факту а_оказал* а_в_итоге а_тут а_здесь а_новый а_новая а_новое а_после но однако зато хотя_бы_и тем_не_менее все_же все_таки все-таки but however although_it nevertheless nonetheless yet`,
  although: `хотя несмотря although though despite`,
  notBut: `не_только но_и не_столько`,
  unreal: `если бы_если если_бы если_бы_не хотелось_бы могли_бы мог_бы могла_бы могло_бы надо_бы следовало_бы лучше_бы было_бы был_бы была_бы были_бы стоило_бы if
    would_be would_have could_be could_have should_be should_have might_be might_have wish wished hoping supposed_to expected_to unless`,
  hoped: `надеял* надеюсь ожидал* обещал* обещают пообещал* сулил* мечтал* рассчитывал* пишут говорят хвалили хвалил хвалила расхваливал* расхвалил* разругал* ругали по_отзывам в_отзывах отзывам критики якобы не_верьте they_say people_say everyone_says critics reviewers promised hoped expected expecting claimed claims boasts`,
  past: `до_ремонта до_обновления до_этого поначалу сначала первое_время изначально last_year at_first год_назад лет_назад года_назад месяц_назад years_ago year_ago before_the_update раньше прежде когда-то бывало в_прошлом было_время в_былые used_to previously formerly back_then in_the_past`,
  now: `после потом затем стал стала стали стало превратил* this_year after then теперь сейчас нынче сегодня ныне в_последнее_время now nowadays lately today recently anymore these_days`,
  filler: `уж же то ж ли ведь и мне нам вам им ему ей их его ее меня нас я мы вы они он она оно бы was is are be been were i we it the a an this that to me us them you they very really so even any at all
    очень уже еще так вообще даже совсем особо особенно как-то бы прям прямо мой моя мои наш свой свои это этот эту эта эти этого этой этом этим`,
  negatorAfter: `нет нету`,
  gratitude: `спасибо спс благодарю thanks thank thx`,
};
