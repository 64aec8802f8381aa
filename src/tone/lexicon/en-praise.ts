import type { Weighted } from "./define.ts";

/** English single words of praise. Levels: 1 a hint, 2 clear, 3 strong, 4 extreme. */
export const englishPraise: Weighted = [
  [
    4,
    `excellent* amazing* awesome* fantastic* wonderful* outstanding* superb* brilliant* phenomenal* perfect perfectly perfection flawless* incredibl* exceptional* magnificent* marvelous* marvellous* spectacular* stunning* extraordinar* fabulous* terrific* impeccabl* immaculate* exquisite* divine heavenly sublime masterpiece* best bestest unbeatable unmatched superior top-notch topnotch stellar first-class world-class love loved loves lovely adore* adored thrilled delighted ecstatic overjoyed blown-away mindblowing mind-blowing breathtaking* delicious* scrumptious* yummy delectable mouthwatering mouth-watering`,
  ],
  [
    3,
    `great greatly greatest good nice nicely nicest nicer beautiful* gorgeous* happy happily happier happiest happiness glad gladly pleased pleasure pleasurabl* delight* enjoy* joy joyful joyous joyfully excit* thrilling satisf* impress* impressive recommend* recommended thank thanks thankful* thankyou thx ty gratitude grateful appreciat* bless* kudos bravo congrat* congratulat* wow yay woohoo hooray hurray yeah_baby cool coolest sweet sweetest fun funny funniest hilarious* entertain* amusing charming* charm charismatic delightful* elegant* stylish classy chic cute adorable pretty prettiest handsome attractive* friendly friendliest friendliness kind kindly kindness polite* courteous* helpful* helped helps attentive* caring considerate* generous* welcoming hospitab* professional* professionalism knowledgeabl* competent* skilled skillful* expert expertly talented talent gifted genius clever* smart smartest intelligent*
    reliabl* dependabl* trustworth* trust trusted honest* transparent* fair fairly sturdy durabl* solid* robust well-made comfortabl* comfy cozy cosy convenien* easy easily easier easiest effortless* smooth* seamless* intuitive* efficient* effective* prompt* quick quickly quicker fast faster fastest speedy speedily swift* punctual* timely fresh freshly fresher freshest tasty flavorful flavourful juicy tender crispy savory clean cleanest spotless* tidy hygienic neat neatly crisp vivid crystal-clear quality affordabl* bargain steal_of_a value valuable worthwhile worth rewarding success* successful* win wins winner winning won triumph* victory champion* celebrat* proud proudly pride hero heroes heroic inspir* inspiring uplifting captivat* compelling engaging gripping riveting enthrall* fascinat* interesting* refreshing* relax* relaxing peaceful* pleasant* positive* favorite favourite favorites faves fave favorable favorably gem gems treasure* heaven paradise magic magical* miracle* dream dreamy lucky luck luckily laugh* lol lmao rofl haha hahaha* hehe rocks rocked rockin kickass kick-ass epic legend legendary stoked pumped`,
  ],
  [
    2,
    `fine decent* okay ok alright better improv* improved improvement* upgrade* works worked working functional handy useful* helpful versatile practical compact lightweight portable accurate* precise* correct* consistent* stable safe safely secure* safety sound strong stronger strongest powerful* bright brighter rich warm warmth soft softer cushy quiet quietly calm calming spacious roomy generous plenty ample varied variety modern innovat* creativ* unique original authentic* genuine* natural natural-looking healthy wholesome hearty hot_and_fresh discount* cheaper inexpensive reasonabl* economical free bonus gift gifts reward rewards refund refunded refunds reimburs* compensat* resolved resolve fixed solved solves solution apologi* apologized responsive* accommodat* patient patience understanding supportive supported respectful* respect respected welcome welcomed warmly smile smiles smiling smiled cheerful* cheers hope hopeful hopefully optimist* confident* confidence comfort comforting hug hugs friend friends gracious* graceful* grace noble admir* popular acclaim* praise* praised well well-done flattering fits fitted suits suited matches ideal ideally advantage* benefit* beneficial pros plus bonus_points agree agreed agreeable eager eagerly keen like liked likes likable likeable liking memorable remarkabl* noteworthy notable imaginative witty thoughtful* touching moving poignant heartfelt heartwarming sincere* tasteful* polished sleek sharp sharpness crystal clear clearly logical organized organised thorough* detailed simple simplicity straightforward growth grow gain gains gained profit* boost* thrive* thriving prosper* progress peace loyal loyalty faithful* hit blockbuster`,
  ],
  [
    1,
    `adequate* acceptable sufficient* serviceable passable new newer big bigger large larger ready available help want wants care cares share hot deals deal interested interest curious promising promised delivered arrived received replied respond* answered repeat recommend_to regular regularly always every forever finally definitely truly highly absolutely`,
  ],
  [
    0,
    ` goods goodbye good_morning good_night good_evening good_afternoon happy_hour happy_birthday customer_support support_team customer_service tech_support support_ticket well_as as_well well_before kind_of kinds_of a_kind what_kind any_kind some_kind this_kind like_this like_that looks_like look_like feel_like feels_like felt_like sounds_like seems_like seem_like would_like id_like just_like like_a like_an like_the smells_like taste_like tastes_like tasted_like works_out works_in value_of of_value share_price pretty_much pretty_bad pretty_poor fairly_bad fine_print fast_food free_trial free_time freed hot_water clearly_not light_bulb light_switch quality_control best_buy best_by best_before the_best_part_is quality_of hit_or hit_by well_i well_if well_it well_we well_the thank_god thank_goodness trust_me trust_issues win_back greater likely likelihood unlikely likewise welcome_to worthy_of great_britain freeze fresh_out`,
  ],
  [
    1,
    `accuracy achiev* achievement achievements adjustable advanced airy ambiance ambience ambitious amused appeal appeals appetite apt artisan* assured award
    award-winning awarded awards awe aww awww* balanced brave bravery breakthrough* breezy capable charmed chill chuckl* coherent* colorful colourful comedic crafted credible cushiony customisable
    customizable daring definitive delicate delicately educational entrust* ergonomic evenly explained fashionable fitting flourish* gentle gently giggl* glory gourmet grand grin grinning gutsy hah hand-crafted
    handcrafted handmade harmless harmonious harmony haunting healing healthier heh honored honoured humble humor humour hydrated insight insights intimate invested legit lyrical masterclass merit merits milestone*
    nail-biting nostalgi* obsessed ooh oooh optimal outpac* painlessly pamper pampered passionate* perks playful* pleasures portability precious precision protected protects quirky reassur* rebounded
    rechargeable record-high rectif* redeeming remedied restored restores rocking romp saved saver saves savings sensible shiny simplif* skill skills slimming snug solidarity stocked streamlined subtle subtlety
    subtly tearjerker tempting thrifty tolerant trendy tribute trusts unflinching unhurried unobtrusive upfront upscale upside upsides versatility vitality washable whimsical whimsy whoa wisdom wisely woo worthy
    wry zeal`,
  ],
  [
    2,
    `absorbing accomplish* addicting addictive adoring ahaha allure alluring appealing aromatic artful* artistr* astute awestruck bahaha* bargains beauties beauty believab* beloved binge-worthy bingeworthy
    breathable bubbly budget-friendly bug-free bulletproof charisma cheered cheering cherish* clarity comfier commend* compassion* compliment complimentary complimented compliments conscientious convincing* cosier
    cost-effective costeffective courageous* craftsmanship creamy crisper crunchy dedicated dedication deft deftly deserving devoted devotion diligent* down-to-earth eco-friendly empathetic empathy enchanted
    encourag* endear* energetic* energis* energiz* enlighten* enthusiasm enthusiastic* esteem* evocative exceeded exceeding exceeds excel excelled excels expertise exuberan* family-friendly fast-paced flexibility
    flexibl* fluffy foolproof fortunate fortunately fragrant freebie freebies fulfilled fulfilling gleaming glitch-free glow-up glowing good-hearted good-natured goodies gratif* gud hahah hard-working hats-off
    home-cooked homemade homey humorous* hurrah huzzah hydrating hysterical iconic idyllic immersive incisive industrious infectious informative integrity intrigu* inventive* invigorat* jolly jovial kid-friendly
    kind-hearted kindhearted lag-free laud* lauded lavish* leak-proof leakproof lightest lively lmfao long-lasting longlasting lovable loveable loving lovingly lush luxur* masterly mastery meticulous* mmm mmmm
    moist moisturis* moisturiz* nailed noiseless nom nomnom non-stick nourish* nuanced opulent originality outdid outperform* outshine* painless* painstaking* patiently perceptive perf pet-friendly picturesque
    pleasing plush poignancy powerhouse proactive* problem-free proficien* profound* provocative psyched quaint quickest rad radiant rejoic* rejuvenat* relatab* relief relieved replayab* reputable resonance
    resonant resonat* respectable rewatch* rewatchabl* richly riotous rollicking roomier rustproof safer salute satiated satiny savor* savour* savvy scenic sensitively serene serenity sexy side-splitting
    sidesplitting silky sincerity smarter smiley snappy softest soothed soothes soothing soulful sparkling speedier stimulating stirring sturdier sturdily sturdiness succulent supple surpass* suspenseful sweetheart
    sweetie sweetly taut tear-jerker thrill thrills tickled tidied timeless tranquil* transformative tried-and-tested tried-and-true trusty unbreakable underrated unpretentious upbeat uproarious* velvety venerable
    vibran* virtuos* visionary vividly waterproof well-deserved well-earned well-paced well-seasoned well-versed wholeheartedly whoo whoop wit wittily wonders workmanship yipee yippee yumm zesty zippy`,
  ],
  [
    3,
    `amazng appetizing awe-inspiring awsome badass bliss* chuffed cleanliness comfiest congenial courtesy crave-worthy crowd-pleaser cuteness cuter cutest dazzl* delicios* durability easy-to-use edge-of-your-seat
    elated enchanting engross* enthralling excelent excellant exellent exhilarat* fab fantasic fav favs feel-good funnest game-changer gamechanger glorious* godsend greatful greatness groundbreaking hassle-free
    high-quality hospitality hypnotic indestructible indispensable ingenious* insightful* invaluable jubilant laugh-out-loud life-changing lifechanging lifesaver* lifesaving luscious luv luvs majestic* mesmeris*
    mesmeriz* miraculous* mmmmm* mouth-wateringly must-buy must-have must-read must-see must-try must-watch no-brainer obliging* overdeliver* page-turner personable priceless pristine reccomend* reccommend*
    recomend* recommand* reliability rockstar spellbind* splurge-worthy stress-free sumptuous superstar tastiest thought-provoking top-quality tremendous* trouble-free tysm unforgettab* unputdownable user-friendly
    well-acted well-built well-cooked well-crafted well-designed well-maintained well-organised well-organized well-written woot worry-free yass* yesss* yum yummm*`,
  ],
  [
    4,
    `amazeballs amazin amazingness awesomeness brilliance delish exemplary faultless* jaw-dropping jawdropping magnificient masterful* peerless show-stopping showstopping splendid* stupendous* tour-de-force
    tourdeforce unparalleled unrivaled unrivalled unsurpassed world-renowned yummiest`,
  ],
];
