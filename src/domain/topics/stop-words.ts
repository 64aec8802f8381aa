/** Folded words that begin and end no topic: they tell how something is said, not what of. */
const russian = `
а без более больше будет будто будем буду будут бы был была были было быть в вам вами вас ваш ваша ваше ваши вдруг ведь
весь во вообще вот впрочем все всегда всего всей всем всеми всех всю вся всё вы где да даже для до другой его ее ей ему
если есть еще ещё ее же за зачем здесь и из из-за или им ими иногда их к каждый как какая какие какой каком которая
которого которой котором которую которые который которых кто куда лишь ли между меня мне много может можно мной мной мои
мой моя мы на над надо наконец нам нами нас наш наша наше наши не него нее ней нельзя нет ни нибудь никогда ним ними них
ничего но ну о об один одна однако одно он она они оно опять от перед по под после потом потому почти при про просто
раз разве с сам сама сами само свое свои свой свою себе себя сейчас сих со совсем так такая такие такое такой там тебе
тебя тем теми теперь то тобой тогда того тоже той только том тому тот тут ты тысяч у уж уже хоть чего чей чем через что
чтоб чтобы чуть эта эти этим этих это этого этой этом этому этот эту я очень также т д п е др этo ещe кстати итак причем
который-то какой-то что-то кто-то вроде либо пока поэтому именно хотя типа всё-таки кроме возможно
`;
const english = `
a about above after again all also am an and any are as at be because been before being below between both but by can could
did do does doing don down during each even few for from further get got had has have having he her here hers him his how
i if in into is it its itself just like ll me more most my no nor not now of off on once one only or other our ours out over
own re s same she so some such t than that the their them then there these they this those through to too under until up us
ve very was we were what when where which while who whom why will with would you your yours much many really still
`;

export const stopWords: ReadonlySet<string> = new Set(
  `${russian} ${english}`.replaceAll("ё", "е").split(/\s+/).filter(Boolean),
);
