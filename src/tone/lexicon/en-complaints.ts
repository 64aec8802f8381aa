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
  [
    -4,
    `abominat* clusterfuck conman conmen cunt cunts dumpster fucker fuckers fuckup godawful hellhole inhuman inhumane motherfuck* shithole shitshows stinker* travesty unforgivabl*`,
  ],
  [
    -3,
    `abhor* agonis* agoniz* amateurish* asinine aweful blackmail* botched brainless bungled butchered callous cashgrab con-artist conned contrived crapfest crappier crappiest craptastic crapware crummy debacle
    deceitful* diarrhea disapoint* disappoit* dishearten* dishonor* dishonour* dissapoint* dissappoint* doa douche* dumbass* dumber excruciat* exploded exploitative faeces feces fibbed filth filthier forgettabl*
    fuming ghosted greed greedily greedy grossed grossest hackneyed half-assed half-baked halfassed harmful hateful hatred heartless horible inane insipid insufferabl* interminabl* intolerabl* irresponsib* jackass*
    lamer lifeless* livid malicious* malware mediocrit* mildew* mindless misrepresent* money-grab money-grubbing obnoxious* phishing pitiful* plodding pompous predatory pretension* pretentious* price-gouging retard
    retarded retards rotting runaround scum scummy senseless* sewage shambles shits shittier shittiest shitting sicken* slop sloppily sloppy snooze snoozefest snoozer soulless* spyware stonewall* sub-par
    sub-standard substandard suckiest terible tiresome* trainwreck tricked trite turd turds turgid uglier ugliest unaccommodating unappetising unappetizing uncaring unconvincing* uncooperative underhanded unedible
    unfixable unhygenic uninspired uninspiring uninteresting unlikable unlikeab* unlikeable unoriginal unpalatable unplayable unreadable unscrupulous* untested urine vapid wasting witless yawnfest`,
  ],
  [
    -2,
    `abused abuser* abuses adware allergy arsehole* backlash banal belittl* betray* biased bigot* bitch bitches bitchy blaring blatant* blech bleh blister* bloated bloating bloatware blunder* blurred blurri* blurry
    bollocks boredom bores bossy bothersome boycott* brainwash* breach* breakout breakouts bribe bribed bribes bribing bruised bugged bummed bummer burdensome chafe* chafing charred cheating cheats chipped choppy
    clickbait* clog clogged clogging clogs cloying clunker clunkers congealed contempt* convoluted corny corrod* counterintuitive crackl* cramps crashy crass creak* creep creeps cringed cringeworth* cringey
    cringing crooked curdled damnit dangit deafening decrepit deflat* delusional demean* demoralis* demoraliz* despair* deter deterred devastated devoid dilapidated dinged dings disappear* discolor* discolour*
    disconnect* discourag* discriminat* disdain* disgruntl* disillusion* disingenuous disinterested disjointed dislike* dismay* dismissive* disorderly disput* disregard* disservice dissuad* distasteful distort*
    distress* disturbing* dizziness dizzy double-charged downtime drains dread dreaded dreading duped dusty embezzl* exasperat* excessive* excuses exorbitant* exploited eyesore fabricat* false-advertising
    falsehood* falsif* farce farcical ffs fiddly finicky flaky fool fooled fooling foolish* fools formulaic frayed fraying gag-inducing gah garbled garish gaudy ghosting gimmicky glared grainy grimy gristl* grr
    grrr grrrr grubby grumpy gullible hacked half-hearted halfbaked halfhearted harm harmed harms havoc heartache heartbroken hellish hives hoax* hokey homophob* hoodwink* hurtful* hypocri* ick icky ill-fitting
    illogical* impatien* inability inaccessib* inappropriat* inattentive* incapable incompatib* incomplete incomprehensib* inconsisten* inexperienc* infected infection* inhospit* injustice inoperable inoperative
    insincere insolven* intermittent* intrusive invasive irate itch itches itching itchy jammed jams laborious lackadaisical laggier layoff* lectured letdowns limp lopsided loser losers lunatic* malodor*
    malpractice maniac* manipulat* maudlin mawkish meager meagre meandering measly meltdown microtransaction* migraine* minuscule misalign* mischarg* miscommunicat* misconduct misdeliver* misfire* misfit
    misfunction* mishandl* misinform* mismanag* misogyn* misplac* misprint* misread* misshapen misspel* mistreat* misuse* monoton* mouldering muddled muffled mushy musty narcissis* nausea needless* no-show
    non-existent non-functional nonexistent nonfunctional nonsensical nosediv* noshow nosy nuisance* obscene ordeal outage* outmoded over-salted overact* overacted overbilled overbilling overcomplicat* overcook*
    overcrowd* overdraft* overheat* overhyped overlong overpack* overpaid overpay overpaying overprice overpromis* overripe oversalted overspend overworked overwrought paltry patronis* patroniz* paywall* pedestrian
    peeve* perv pervert* pesky petty pisses pissing pixelat* plummet* ponderous preachy prick pricks propaganda psycho punctur* pungent punishing pushy racism racist racists rant ranting rants rattl* rehash rehash*
    resent* retch* retread revulsion rickety ridicule ridiculed rip-offs ripping risky run-down rundown sadistic sagging sappy sarcastic* scant scanty scarred scolded screech* screwed screwing screwup scuff scuffed
    scuffs seething self-indulgent selfish* sexism sexist sexists shabby shameless* shattered shill* short-circuit* short-staffed shortage* shortcoming* shortstaffed shredded simplistic skimpy sleazy slimy
    sloppiness sluggishness smashed smelled smelling smelt smug smugly snapped snarky snobbish snobby snooty soggier spam spammed spammer* spamming spammy spams spoiled squeak* stagnat* standoffish staticky steal
    steals sticky stilted stingy stranded stringy stuck stuck-up stuffy stutter* sucker suckers surly tacky tangled tarnish* tedium temperamental terrified terrifying thieving time-consuming torturous touristy
    traitor* tricking turn-off turnoff twat twats ughh* unable unappealing unattractive* unauthorised unauthorized unbalanced unconcerned underdevelop* underpaid underperform* underseason* understaffed uneducated
    unengaging unenthusiastic unfinished unfit unflattering unfocused unfriendly unfulfilled unfulfilling unhappiness unhealthy unhinged uninformed unintelligib* uninterested unintuitive unlawful* unnecessar*
    unpolished unprepared unqualified unravel* unrealistic* unreasonabl* unremarkabl* unripe unsatisfying unstab* unstable unsuccess* unsuitable untrained untrue unwanted unwelcom* unwise unworthy upsell* vexing
    violat* vulgar wanker* warped watered-down whiny wilted wrongdoing* wrongful xenophob* yawn yawned yawning yelled yikes zzz zzzz`,
  ],
  [
    -1,
    `abuse accident-prone accusation* accuse accused aggressive* alleged allegedly amateur amateurs antiquated ants apathetic apathy apologetic backorder* baffl* begged bent bewilder* bias bicker* bizarre* bleeding
    bootleg* bribery bruh brutal* bulkier burden burdens chargeback* cheap-looking cheapen* cheapo childish* choking clown clowns clump* clumpy clutter* controvers* cop-out copout cranky creepier crowded crude
    crumbs cynical dang danger dangers darn darned dated deficit delusion* demanded derivative desperate* disagree* disappearing disbelief disclaimers disturbed disturbing doomed doubt doubted doubts dragged
    dragging drags drained draining drawn-out dump dumped eerie el-cheapo excuse exploit exploits fades fading filler fineprint fleas flicker* forced forces forcing forgetful forgot forgotten frankly frantic* freak
    freaks frizzy geez gimmick* gnats goddamn goddamned grime gunk harsh* heartbreak* heavier hectic hollow hype hyped illegal* immature impossible inadvertent* inconsistency indifferen* indulgent insects insecure
    insist insisted interference investigation investigations irk irked irks irrational* irrelevant jeez juvenile knock-off knock-offs knockoffs lacklustre leftover leftovers lies lint loophole* loosen* lumps lumpy
    melodramatic melted menace mishap* misread misunderst* mites mix-up mix-ups mixup mixups murky mystif* nag nagging nah naive negative negatives negativity noise noises non-refundable nonrefundable oof ouch
    outcry overbearing overcomplex overdone overfilled overkill overload* overlooked overpower* overrun oversized padding peculiar perplex* pilling pirated pity predictability pretend pretended pretending pretends
    probe punish punished punishment puny puzzled puzzling quirks rage rat rats rebooting reboots reckless* recycled redness redo redone refurbished resetting residue restart restarting restocking revoked rig
    rigged risk risks ruthless* saggy sappiness scream screaming screams see-through sentimentality shedding sheds sheesh shockingly shoulda shouting shrinking shrinks sigh sighs silly slippery sludge smear*
    smeared smell smells smudg* snob snobs spoil spoils stalled static stinging stings supposed supposedly sweaty swelling threat threats tiniest toppl* torture tortured trapped trick tricks troll trolling trolls
    turmoil unaware uncertain uncertainty undeliver* underfilled undersized uneasy unexciting unexplained unintended unintentional* unmemorable unnatural* unneeded unpopular unrelated unsealed unsettling unsure
    vanish vanished vicious* voicemail voided wannabe warn warned warns washed-out whine whining yelling`,
  ],
  [0, `noise-cancel*`],
];
