import type { Weighted } from "./define.ts";

/** English single words of complaint. Levels: -1 a hint, -2 clear, -3 strong, -4 extreme. */
export const englishComplaints: Weighted = [
  [
    -4,
    `scam scams scammed scammer* scamming fraud fraudulent* fraudster* swindl* thief thieves theft stole stolen stealing ripoff ripped-off awful* horribl* horrid* horrif* horrend* terribl* atrocious* abysmal* appalling* appalled
    disgust* despicab* disgrace* dreadful* pathetic* worst garbage rubbish trash trashy crap crappy shit shitty shite shitshow bullshit fuck fucking fucked fuckin fucks f#ck* f##k* f#king sh#t* sh#tty b#llshit wtf bastard* asshole* a#shole* scumbag*
    nightmare* hate hates hated hating loathe* detest* worthless* useless* unacceptable unusable inedible unbearabl* criminal* crooks crook lied liar liars lying deceiv* decept* dishonest* cheated cheater* cheat robbed robbery extort* vile revolt* repuls* nauseat* vomit* puke* poison* rancid rotten moldy mouldy maggot* cockroach* roaches bedbug* infest*`,
  ],
  [
    -3,
    `bad badly poor poorly worse worsen* worsening broken broke breaks broken-down defect* faulty malfunction* fail failed fails failing failure* fiasco disaster* catastroph* disappoint* dissatisf* unsatisf* displeas* unhappy upset upsetting angry anger furious infuriat* enrag* outrag* frustrat* annoy* irritat* aggravat* piss pissed sucks sucked suck sucky lousy mediocre* subpar inferior shoddy flimsy cheaply junk junky dud lemon
    rude rudely rudeness impolite* disrespect* arrogan* condescend* ignorant* incompeten* unprofessional* unhelpful* careless* negligen* lazy inept clueless idiot* stupid* moron* dumb dumbest imbecile* ridiculous* absurd* ludicrous insult* offensive offend* abusive harass* threaten* bully bullied unfair* unjust* unethical unreliab* untrustworth* misled mislead* false falsely fake fakes faked counterfeit* knockoff bogus phony sham
    overpriced overcharg* pricey gouging extortionate regret* wasted waste wasteful pointless hopeless* miserabl* misery painful* hurt hurts hurting injur* burned burnt burns dangerous* unsafe hazard* toxic hazardous allergic rash filthy dirty dirt gross grim stink* stinks stank stench smelly reek* foul nasty unhygienic unsanitary contaminat* stale soggy flavorless tasteless bland undercooked overcooked uncooked inconsider* inexcusabl* inadequate* insufficient*
    boring bored dull tedious unwatchable unfunny cringe cringy cliche* clichéd shallow incoheren* lame lamest dreary depress* sad sadly sadness shame shameful ashamed embarrass* humiliat* shock shocking shocked dismal* deplorab* laughable joke mess messed messy messing chaos chaotic nonsense idiocy`,
  ],
  [
    -2,
    `problem problems problematic issue issues trouble troubles troublesome bug bugs buggy glitch* crash crashes crashed crashing freez* froze frozen lag lags laggy lagging slow slowly slower sluggish delay delays delayed delaying late lateness overdue missing lost lose losing loss losses damag* dented dent scratch* crack cracked cracks torn tear ripped rip leak* leaks leaky spill* stain* stained faded shrunk shrink peeling peeled rust rusty rusted worn wobbl* loose flaw* flawed error* incorrect* wrong wrongly mistake* mistaken inaccurat* mislabel*
    refus* denied deny denies reject* declin* ignor* ignored unanswered unresolved unrespons* unavailable cancel* canceled cancelled blocked locked suspend* banned overbook* closed expired expire* outdated obsolete hidden charge charged fee fees penalt* fined debt hassle* inconvenien* difficult* hard complicat* confus* unclear misleading vague awkward clumsy clunky cumbersome uncomfortabl* discomfort cramped noisy loud cold lukewarm greasy oily salty bitter sour dry chewy tough rubbery watery weak weaker thin cheap cheesy
    complain* complaint* criticis* criticiz* blame* fault lack lacks lacking lacked absent without avoid avoided avoiding beware unfortunat* unlucky regrettabl* worried worry worries worrying concern* afraid fear scare* scared scary panic* anxious nervous stress stressful exhaust* tired tiring sick ill sickness pain ache* headache* suffer* struggl* annoyed unpleasant* ugly hideous weird creepy suspicious sketchy shady dodgy fishy questionable doubtful dubious disorgani* neglected abandon* unimpress* underwhelm* letdown let-down overrated downgrade downhill decline crisis collaps* bankrupt* lawsuit* sued guilty corrupt* scandal* attack* kill* killed murder* death dead die died dying war violen* victim* destroy* ruin* wreck* mad jerk cruel* damn damned hell dammit argh ugh ew eww yuck yucky blah meh smh wack nope boo flop flopped bomb bombed cry crying cried tears lonely alone grief mourn* tragic* tragedy evil hostil* bitter bitterly sorry guilt jealous envy insane* crazy`,
  ],
  [
    -1,
    `unfortunately mixed average okayish soso so-so overly limited limitation* small tiny smaller heavy bulky stiff tight shorter short wait waited waiting waits queue queues line lines repeated* again pricier expensive* costly steep miss missed misses tried try unless barely hardly scarcely odd oddly strange* unusual* unexpected* surprised return returned returning returns replace replaced replacement* fix weaknes* con cons downside* drawback* minor confusing empty plain basic predictable uneven generic repetitive lackluster`,
  ],
  [
    0,
    `freezer*  wait_to cold_drink* cold_beer ice_cold badminton hardware hardwood hardback hard_drive hardwork* hard_work* hello poor_man* cheapest killer_app killer_deal dead_on blockbuster* finest finely finer fine_dining fine_art slow_motion loudspeaker* short_film finesse shrinkwrap scratchpad fees_apply issue_of trash_can trash_bag* trash_bin* garbage_bag* garbage_can* junk_food burnt_ends dry_clean* tough_choice crazy_good insanely_good insanely_delicious sick_beat* sick_day* painkiller* hate_to_be bad_boy line_up online refuse_bag* lemonade lemon_juice lemons lemon_water lemon_cake`,
  ],
];
