import type { Marked } from "./define.ts";

/** What a clause is about, in the same aspects as ru-aspects.ts. */
export const englishAspects: Marked = {
  delivery: `deliver* shipping shipped shipment* courier* parcel* package_arriv* postage arriv* dispatch* tracking driver arrived_early arrived_late behind_the_bin boxberry came_in_two came_next_day
    came_on_time came_quickly came_the_next carried_it_upstairs collection_point consignment customs_office delivery_date delivery_slot delivery_window depot didnt_arrive doorstep drop-off
    express_delivery forgot_my forgot_the_drinks forwarder freight groceries_came hasnt_arrived haulier held_at_customs in_the_bin in_the_post items_missing left_in_the_rain left_it_at
    left_outside left_with_neighbour lost_in_transit mailman marked_as_delivered missing_from_my missing_items neighbours_house never_arrived next_day_delivery on_the_doorstep out_for_delivery
    over_the_fence over_the_gate parcel_locker parcel_shop pick-up_point pickup_point porch postman postmen redeliver* redirected_parcel rider riders safe_place same-day_delivery sent_the_wrong
    sent_to_wrong shipp* shipped_quickly signed_by signed_for sorry_we_missed sorting_centre sorting_office still_not_arrived stuck_in_customs to_my_door to_the_door tracking_link
    tracking_number tracking_page tracking_says undeliver* wrong_address wrong_house wrong_item wrong_order`,
  quality: `quality defect* faulty broken broke material* fabric durab* sturdy flimsy well_made poorly_made craftsmanship stopped_working doesnt_work fell_apart works_great a_waste_of_time acting actor
    actors actress* adaptation* after_one_wash after_two_washes album albums aluminium amateurish* animated animation* author badly_built badly_made badly_written barber* bent biopic*
    bland_story bobbl* boredom boring botch* bouquet* breaks broke_after broke_down broke_within build_quality built_to_last came_apart came_off captivat* cartoon* cast_is casting chapter*
    character_development characterization* characters charisma* cheaply_made chemical_smell chipboard chipped choir choreograph* cinema* cinematograph* cleaned_thoroughly cliche* cliffhanger
    climax comedic comedies comedy compelling* concert* contrived corrod* cotton couldnt_put_it_down course_content course_material* cracked cracks curriculum dead_on_arrival denim dent dents
    dialogue* didnt_work died_after direct-to-video directed_by discolor* discolour* dlc documentar* dragged_on drags drama dramas droop* dubbing dull dust_on_the embroider* ending endings
    engross* enjoyable ensemble entertain* episode* exercises exhibition* fabrics faded_after falling_apart falls_apart fascinat* fell_off film filmmak* films first_wash flak* flowers formulaic
    fray* frayed fringe fun_to_watch gags gameplay gel_nails genre* gig glued good_as_new gripping grout* haircut* hairdress* handcrafted handmade hem high_quality highlights hilari* hinge
    hinges hole holes homework intriguing inventive* job_well_done jokes lashes lasted lasts leather lecture lectures lessons levels linen loose_thread* made_to_last manicure* mediocre_film
    melodrama* mended misprint* missed_the_corners mistranslat* modules movie* moving_story museum* museumgo* narrative* neat_job not_working novel novels oak opera orchestra* page-turner
    paint_peel* painted_over peel* performances petals pilling plaster* plasticky plot plot_holes plotline* plots plywood poetry poignan* polyester poor_quality poorly_written predictable
    prequel* pretentious printed_badly printed_crooked prose punctuation quests rattl* reconditioned refurb* remake* repair* resoled restored rewatch* rewired ripped rips riveting robust*
    romance* roses rubbish_quality rust rusted rusty sang satire* scratch* screenplay* screenwrit* screw screws script scripted seam seams season_finale sentimental* sequel* setlist sewing sewn
    shakespear* shoddy shrank shrink* shrunk singing sloppy_work smears smells_of_glue smells_of_plastic snapped snaps solid_build songs soundtrack* special_effects spielberg* splinter*
    stage_show stain_came still_going_strong stitch* stood_the_test storybook storyline* storymode storytell* streaks_on sturdier subtitl* superficial* suspense suspenseful syllabus
    tacky_plastic tailored_badly tear_in_the tedious* textbook* theatrical* thought-provoking threadbare thriller* thrilling tidy_job tiling top_quality tore torn translation tulips typo typos
    unbroken unfunny unglued uninspir* uninteresting unoriginal unreadable unstitch* unwatchable visionary warped watchable webinar* welded well_built well_written wilt* witty wobbl*
    wont_turn_on wool woollen wore_out workbook workmanship worn_out wouldnt_turn_on zip zipper zips`,
  taste: `taste* tasty food meal* dish dishes flavor* flavour* delicious menu portion* breakfast dinner lunch chef pizza burger* coffee aftertaste appetiser* appetizer* apples arrived_cold_food
    avocado* bacon badly_cooked baguette* baked bakery bakes banana* barista_coffee beef beer berries biryani biscuit* bitter_aftertaste bland bread breakfast* brew broth brunch buffet
    burnt_toast burrito* cake cakes candy cappuccino cereal charred cheese cheeseburger* cheesecake chefs chewing chewy chicken* chips chocolate* cocktail* cod cold_chips cold_food cold_pizza
    cold_soup cook cooked cooked_to_perfection cooking crisps crispy croissant* crumb crumbs crunchy crust cuisine curries curry delicious* dessert* dinners dough dressing drinks dry_as duck
    dumpling* edible eggs entree espresso fatty flat_beer foodie* fresh_and_tasty fresh_fish fries fruit full_of_flavour garlic gelato generous_portions ginger gone_off_milk gravy greasy gristle
    gristly haddock hair_in_my hair_in_the half-raw hearty_meal helpings home-made homemade hot_and_fresh huge_portions hungry_after ice-cream ice_cream inedible juice juicy kebab* ketchup ladle
    lamb lasagna lasagne latte left_hungry lemonade like_cardboard lukewarm lunches mains mash mashed melt_in_the_mouth melts_in_the_mouth menus microwaved moreish mouth-watering mouthful
    mouthwatering muffin* mushrooms mushy naan no_flavour noodle* oily olives omelette* overcooked overseason* packed_lunch pancake* pasta pastries pastry pint piping_hot pizza* popcorn pork
    potato* prawn* profiterole* pudding* ramen raw_in_the_middle raw_inside recipe* reheated risotto rubbery saffron salad* salmon salted salty sandwich* sauce sauces sausage* school_dinner*
    scone* scrumptious seafood seasoning second_helping smoothie* soggy soup soups sour_milk sour_taste sourdough spaghetti spiced spicy stale starter starters steak* stodgy stone_cold
    strawberr* sugary supper sushi sweetness taco tacos tandoori taste tasted tasteless tastes tastes_like tastier tasting tea tender_meat tepid tiffin tiny_portions tomato tomatoe* too_salty
    too_spicy too_sweet tough_meat turkey uncooked under-seasoned undercooked unsalted vegan vegetable* vegetarian* veggie* waffle* watered_down watery well_cooked wine wines yoghurt* yogurt*
    yummy`,
  price: `price* pricey cost costs costly expensive* cheap cheaper affordab* overpriced value_for_money fee fees charge charges discount* bargain rate rates a_penny_more annual_fee apr arm_and_a_leg
    at_no_extra_cost bad_value badly_paid bank_breaking bargain* best_deal black_friday booking_fee break_the_bank budget-friendly buy_one_get cancellation_fee cheapest cheaply cleaning_fee
    commission complimentary cost_a_fortune costing costs_a_fortune coupon* daylight_robbery delivery_charge delivery_fee discounted doubled_the_price economies euros_for exchange_rate
    exorbitant extortionate fair_price fare fares fine_of fined for_free for_the_money for_the_price foreign_transaction_fee free_delivery free_gift free_of_charge free_shipping free_upgrade
    freebie* full_price good_deal good_value great_deal great_value half-price half_price inexpensive* inflation interest_rate interest_rates late_fee low_pay low_salary low_wages loyalty_points
    mark-up markup minimum_wage money-saving money_well_spent monthly_fee mortgage_rate no_extra_charge not_worth overdraft_fee overprice* parking_fine pay_rise payrise penalty_charge
    percent_off poor_value poorly_paid pounds_cheaper pounds_more premium_went_up price price_hike price_increase* price_match* price_rise price_tag price_went_up priced prices prices_gone_up
    prices_went_up pricetag pricier pricing promo promo_code promo_codes promotion_price put_prices_up put_the_price_up quid_for quid_more raised_prices raised_the_price reasonable_price
    reasonable_prices reasonably_priced renewal_price renewal_quote rent_up rent_went_up reward_points rewards_program* rip-off_price salary sale_price save_money saved_me_money saving_money
    service_charge service_fee small_fortune subscription_price surcharge* tariff* two_for_one unaffordab* underpaid underpriced utility_bills voucher* wages waste_of_money well_paid
    worth_every_penny worth_the_money worth_the_price`,
  service: `service* support helpdesk help_desk call_center hotline customer_care customer_service response responded after-sales after_sales aftercare answered_within apologis* apologiz* apology
    auto-reply automated_reply automatic_reply autoreply booked booking bookings bot bureaucra* call_back call_centre call_me_back callback called_back cancel canceled cancellation cancellations
    cancelled cancelled_my_appointment cancelled_my_order cancelled_order cancelling canned_reply canned_response case_number certificate* change_my_booking chaos chat chat_agent chatbot chats
    closed_my_ticket complain complained complaining complaint* contact_centre contacted copy-paste* copy_and_paste copy_paste_reply couldnt_get_through council_replied customer_support
    department departments didnt_answer different_departments disorganis* disorganiz* documents double-booked double_booked emailed emails_ignored emails_unanswered escalate escalated
    fill_in_forms fixed_the_problem form_after from_one_department get_through got_through helpline* hold_music hospitality hotline* ignore_my ignored_emails ignored_for ignored_my kept_on_hold
    left_on_hold live_chat lost_my_form lost_my_paperwork mix-up mixed_up_my moved_my_appointment never_answered never_called never_replied never_replied_to no_answer no_apology no_one_answers
    no_reply nobody_answered nobody_answers ombudsman on_hold opening_hours operator operators organisation organised organization organized overbook* paperwork passed_around passed_between
    passed_from passed_me passport_office phone_queue pillar pillar_to_post policy_is post_to_pillar press_one press_two problem_solved raised_a_ticket rang_back rang_me_back real_human
    real_person rebook* red_tape reference_number replied replies reply replying reschedul* rescheduled reservation* reserved resolved respond responding responses ring_back rules_say
    scripted_reply sent_from_pillar service shambles solved sort_it_out sorted_in sorted_it sorted_out speak_to_a_human support_team support_ticket template_reply ticket_closed told_to_call_back
    transferred_to_another unanswered unresolved unresponsive unsubscrib* visa_application well-organised well_organised`,
  staff: `staff employee* manager* waiter* waitress* cashier* doctor* nurse* dentist* receptionist* rude rudely polite* friendly attendant* salesm* salesperson associate* teacher* technician* server
    servers bartender* above_and_beyond abrupt adviser advisers advisor advisors agents arrogan* assistants attentive attentively attitude bad_manners badly_trained barbers barista* barked_at
    barmaid barman beautician* bedside_manner boss bosses bouncer* builder builders bullied bully bullying bus_driver cabbie cabin_crew captain careless carer carers caring chambermaid*
    chatting_among chewing_gum clerk clueless coach_was colleague* compassion* competent concierge condescend* conductor consultant consultants couldnt_care_less couldnt_do_enough courte* crew
    decorator* dentist dentists discourt* discriminat* dismissive* disrespect* doctor doctors doorman driver_was electrician* empath* engineer engineers explained_every explained_everything
    eye-rolling eye_roll fitter fitters flight_attendant* friendliness friendly_driver gentle_hands good_manners gossip gossiping gp grumpy guard guards guide handyman headmaster headteacher
    helpful helpfully hostess housekeeper* hr ignored_us ill-mannered impolite* inattentive incompetence incompetent installer* instructor* joiner judgmental kind_and kindly kindness
    knew_nothing knowledgeable knows_her_stuff knows_his_stuff laughed_at_me lawyer* lazy lecturer* librarian* manager managers mannered masseur* mechanic mechanics midwife midwives moody
    nannies nanny no_idea_about nothing_was_too_much nurse nurses officer officers on_her_phone on_his_phone on_their_phones paramedic* patience patient_with patronis* patroniz* pharmacist
    physio physiotherapist* pilot plumber* polite_driver porter porters professional professionalism professor professors punctual_and_polite racist remembered_my_name remembered_our_names
    respectful roll_their_eyes rolled_her_eyes rolled_his_eyes roofer roofers rude_driver rudeness sales_assistant salesman salespeople saleswoman sarcastic* security_guard seller_was_polite
    shop_assistant* shouted shrugged shrugging shrugs smil* smirk* snapped_at sneer* snooty snotty solicitor* staffed steward* stewardess* stylist stylists sulky sullen surgeon* surly swearing
    swore tactful talked_down talked_over taxi_driver teacher teachers therapist* thoughtful took_his_shoes took_the_time tour_guide toxic_boss trainer trainers tutor tutors understaffed_rude
    unfriendly unhelpful unprofessional vet_was welcoming well-mannered well_trained went_out_of_her_way went_out_of_his_way went_out_of_their_way workman workmen yelled`,
  packaging: `packag* packaging packed box boxes wrapp* bubble_wrap sealed already_opened arrived_broken arrived_cracked arrived_damaged arrived_smashed badly_packed box_crushed box_was boxes_were
    breakage* broken_in_transit broken_seal bubblewrap came_broken came_damaged came_smashed cardboard carefully_packed carton cartons cellophane crumpled crushed crushed_box cushioned
    damaged_in_transit dented foil gift_box gift_wrap* had_been_opened instructions_missing jiffy_bag leaked_everywhere leaked_in_the lid_loose lid_open missing_parts missing_screws
    no_instructions no_manual no_padding no_screws original_box packed_badly packed_carefully packed_well packed_with padded_envelope padding parcel_tape parts_missing plastic_bag polystyrene
    poorly_packed repackag* resealed ribbon* screws_missing seal sellotape shattered shrink-wrap* smashed_in_transit spilled_in_the squashed straw_and_paper styrofoam tamper_seal thin_envelope
    tissue_paper torn_box unbox* unpack* unsealed well_packed wrapper`,
  size: `size sizes sized sizing fit fits fitted fitting too_small too_big too_large too_tight length sleeve* baggy barely_fits between_sizes bigger_than bigger_than_expected bulky bust_tight
    capacity centimeter* centimetre* comes_up_big comes_up_small compact couldnt_get_it_on couldnt_zip diameter didnt_fit dimension* doesnt_fit doll-sized drowned_in_it fit_a_child fitment
    fits_like_a_glove fits_perfectly for_a_child half_the_size height hemline hips_tight ill-fitting inch inches inseam larger_than lengths litres longer_than loose_around loose_at measure*
    medium_is millilitres millimetre* mismeasur* ml narrow_feet one_size order_a_size oversize* perfect_fit petite plus-size roomier roomy runs_big runs_large runs_small shorter_than size_bigger
    size_chart size_down size_guide size_smaller size_up sized_up small_is smaller_than smaller_than_expected snug swamped_me swimming_in_it takes_up_space tall_sizes tight_across tight_on
    tiny_bottle toe_box too_long too_loose too_narrow too_short too_wide true_to_size undersized waist waistband wide_feet width wont_fit wouldnt_fit xl xs xxl`,
  refund: `refund* money_back return_policy returned returns exchange* reimburs* compensat* warranty guarantee* claim_denied claim_paid claim_refused claim_rejected credit_note deposit_back
    deposit_kept deposit_never_returned deposit_returned exchange_for exchange_it exchanged_for exchanged_it full_refund gave_me_my_money gesture_of_goodwill get_my_money_back gift_card_instead
    give_me_my_money goodwill goodwill_gesture got_my_money_back guarantee_period insurance_claim keep_my_deposit kept_my_deposit kept_the_deposit my_money_returned new_one_free no_quibble
    non-refundable nonrefundable out_of_warranty paid_my_claim partial_refund refund replace_it replaced_free replaced_it replacement replacements restocking_fee return_it return_label
    return_them returned_it returned_them returning_it returns_desk returns_label returns_policy returns_process send_it_back sent_a_new_one sent_another_one sent_it_back sent_them_back
    still_no_refund store_credit swap_it swapped_for swapped_it take_it_back ticket_refund took_it_back uncompensat* under_guarantee under_warranty voucher_instead warranties warranty_claim
    wont_refund`,
  app: `app apps application website site webpage interface login password update updates crash* bug bugs buggy glitch* notification* ui 404 ads_between ads_every adverts_every after_the_update
    android api app_store application_crashes appstore authenticat* auto-save autoplay autosave backup basket_empties blank_page blank_screen book_online booking_page bot_replies browser
    browsers button buttons cant_log_in captcha chatbot_wont check-in_online checkout_page chrome code_by_text code_never crash crashed crashes crashing crossplay csv dark_mode dark_theme
    data_loss deactivat* delete_account doesnt_load doesnt_open donat* download* drop-down dropdown easy_to_navigate error_code error_message error_page export face_id filters firmware font
    fonts freezes froze_screen frozen_screen full_of_ads hangs hard_to_navigate icons in-app install installed interface* ios iphone_app keeps_crashing keeps_logging last_update latest_update
    latest_version live_map live_tracking loading loading_screen loads lobby_servers log_in log_me_out logged_me_out logged_out logging_in logs_me_out lost_all_my lost_my_notes matchmaking
    menus_are_hidden multiplayer my_account_page navigat* new_version online-portal online_account online_booking online_form online_portal passcode patch patched pdf_export play_market
    play_store playlist* pop-up pop-ups popup popups portal push push_notif* qr qr_code reinstall* rustore safari saved_my_work screen_reader scroll* search_bar search_filter search_function
    server_error server_lag servers_down shopping_cart shuffle sign-in sign_in signed_out since_the_update site_crash* site_down site_is sms_code software spinning_wheel spreadsheet* swipe sync
    synced syncing syncs tap taps toggle too_many_ads touch_id tracking_map two-factor uninstall* update* upload* uploading user_experience user_interface ux verification_code version_is
    web_page webpage* websites white_screen widget* wishlist wont_load wont_open`,
  safety: `safe safety unsafe danger* poison* allerg* burn burned burnt injur* expired mold* mould* cockroach* toxic fire hazard* shock accident accidents airbag* ambulance anaphyla* asbestos assault*
    bare_wires battery_swelled bed_bug bed_bugs bedbug* beetle best_before black_ice bled bleeding break-in broke_into broken_into burgl* burns burnt_her burnt_his burnt_my carbon_monoxide
    catch_fire caught_fire cctv child_lock child_proof choked choking_hazard concuss* contaminat* crash_helmet cut_her_finger cut_himself cut_his cut_my data_breach data_leak diarrh*
    drink-driving drove_on_his_phone drowned drunk_driver e-coli electric_shock electrocut* emergency_exit emergency_landing encrypt* epipen evacuat* explod* explosion exposed_wires
    fell_down_the fire_alarm fire_escape fire_exit fire_hazard fleas fly_in_my food_poisoning fumes gas_leak gas_smell glass_in_my glass_in_the guardrail hack hacked hackers handrail harass*
    health_and_safety health_risk hives hurt_herself hurt_himself hygiene_rating ice_on_the icy_steps identity_theft ill_after insect* jumped_the_lights lead_paint leaked_data leaked_my
    lifeguard* lithium_fire made_me_ill made_us_ill made_us_sick maggot* malware melted_plug metal_in_my mice mouldy mouse_droppings mugged my_details_leaked nuts_in on_fire out_of_date overtook
    past_its_date personal_data phishing pickpocket* plastic_in_my potholes_injured privacy ran_a_red ransomware rash rashes rat rats recalled reckless* red_light risk_of_injury robbed robbery
    rodent* rotten_meat rotting safely safer salmonella scald* seat_belt seatbelt* security_cameras shared_my_data sharp_edge sharp_edges shocks sick_all_night sick_for_days skin_burned slippery
    smoke_alarm smoke_came smoking_plug sold_my_data sold_my_number sparked sparks speeding stalk* stolen stolen_data stomach_cramps strangers_walk swelled_up tailgat* texting_at_the_wheel
    texting_while_driving theft thief thieves threw_up throwing_up tripped unencrypted ungritted unhygienic unlocked_door unsanitary use-by use_by_date violently_ill virus_on vomit* weevil*
    worm_in`,
  assortment: `assortment selection range_of choice choices stock in_stock out_of_stock variety availability aisle aisles all_sizes all_the_brands always_sold assortment* availab* back_in_stock
    bare_shelves brands cant_find_anywhere catalog catalogue choose_between choose_from discontinued dont_sell dont_stock dropped_my_favourite empty_shelves every_size everything_i_need
    everything_under_one_roof everything_you_need found_nowhere_else from_a_to_z gluten-free_options good_range good_stock got_everything half-empty_shelves half_empty_shelves hard-to-find
    has_everything have_everything huge_range item_missing_from_shelf limited_choice limited_menu little_choice long_menu many_brands no_bread_left no_choice no_milk_left no_sizes no_vegetarian
    not_much_choice nothing_for_vegetarians nothing_left nothing_vegan only_one_size only_small_sizes only_three_colours options_for_kids overstocked plenty_of_choice poor_range product_range
    ran_out_of rare_books rare_finds restock* run_out_of sell_out sells_out shelf shelves sold_out spare_parts spoiled_for_choice spoilt_for_choice stocked stocking stocks stopped_selling
    stopped_stocking they_have_it_all to_choose_from unavailab* understocked varied varieties vegan_options vegetarian_options well-stocked well_stocked wide_range`,
  place: `place location room rooms lobby atmosphere ambiance ambience decor interior clean cleanliness dirty filthy bathroom* toilet* parking pool bed beds view queue air-conditioned air_con
    air_conditioning aircon armchair* atmosphere* baby_changing balcony bathtub beach beaches bed_linen bedding bedroom* bench benches bike_lane* bike_rack* bin_bags bins bins_overflowing boiler
    building_site bus_shelter bus_stop bus_stops campsite candlelit car_park caravan carpet carpets carriage carriages ceiling ceilings central_heating central_location chandelier*
    changing_room* cinema_seats city_centre classroom* clean_room clean_rooms close_to_the cobweb* cold_flat cold_room cold_water_only construction_noise corridor* cosy_place courtyard cozy
    cramped_room crowded curtains cycle_lane damp decorated dorm drafty drains_smell draught* dripping_tap dusty easy_to_find elevator* escalator* filth* fireplace fitting_room* fitting_rooms
    five_minutes_from flooded flooding flower_beds fountain foyer freezing_hall freezing_room furniture garden gardens gazebo graffiti grimy grounds grubby gym_equipment gym_floor hall_is
    hallway* harbour_view hard_to_find_the_entrance heating_broken heating_off highchair* hostel hot_water immaculate interiors jacuzzi kerb kerbs lawn leaking_roof leaky_roof library_is lift
    lifts lighting litter litter-strewn live_music located locker_room lockers loo loos loud_music middle_of_nowhere minutes_from_the music_so_loud music_too_loud near_the_station neighbourhood
    no_hot_water no_seats noisy_at_night noisy_bar noisy_room noisy_street nowhere_to_park nowhere_to_sit overcrowded overflowing_bins overlooking packed_carriage packed_like paper-thin_walls
    park_is park_the_car parking_lot parking_space parking_spaces patio pavement* picnic place_is_clean platform playground* plaza plumbing poky pothole* pram_access premises quiet_area
    quiet_corner quiet_room quiet_street radiator radiators ramp_for reading_room restroom* resurfac* road_surface roads roof_leaks rooftop roundabout* rubbish_bins sauna scaffolding sea_view
    seating seats_are sewage sewer sheets shower showers smell_of_damp smell_of_drains smelled_of_smoke smells_of_damp smells_of_smoke sofa sofas spacious_room spotless* square_is staircase
    stairs stairwell standing_room station_is step-free sticky_floor sticky_floors sticky_table sticky_tables street_lights streetlamp* streetlight* suite swimming_pool tables_too_close
    tap_drips terrace thin_walls tiny_room towel towels town_centre tram_stop trash_everywhere trees_planted underground_station views walking_distance wallpaper_peeling walls_are_thin washroom*
    wheelchair_access wheelchair_ramp window_seat wobbly_table`,
  honesty: `scam* fraud* lied lying liar* honest* dishonest* mislead* misled advertis* advertised deceiv* decept* hidden_fee* promised fake transparent* cheat* rip_off ad_said admits admitted advert
    advert_said adverts_say as_advertised as_described authentic* auto-renew* auto_renewed autorenew* bait-and-switch bait_and_switch bogus bought_reviews bribe* broke_their_promise
    broken_promise* buried_in_the cant_trust changed_the_price clickbait con_artist con_men con_people conned corrupt* counterfeit* cover-up covered_up crook crooks deceit* deleted_my_review
    described_as didnt_agree dodgy dont_trust duped embezzl* exactly_as_described exaggerat* fake_reviews faked fakes false_advert* false_claims false_promise* falsely fine_print
    five_star_reviews_are fooled forced_to_buy genuine_leather genuine_product greenwash* hard_sell hid_my_review hidden_charge* hidden_cost* hidden_extras hidden_terms honest honestly_described
    honesty imitation kept_his_word kept_their_promise kept_their_word knock-off* knockoff* lies listing_said listing_says misrepresent* never_agreed never_signed no_catch no_hidden no_surprises
    no_tricks not_as_described not_genuine not_what_was_described nothing_like_the_description nothing_like_the_photos open_about owned_up paid_reviews phantom_item phoney photoshopp* ponzi
    pressure_selling pressured_into price_quoted promise promises pushed_insurance pushy pyramid_scheme quoted_one_price removed_my_review replica rip-off ripoff ripped_me_off ripped_off shady
    sham signed_me_up small_print sneak sneaked sneaky snuck_in straightforward_about swindl* thieving told_me_honestly told_me_the_truth told_us_honestly told_us_the_truth transparen* tricked
    trickery trust_them trustworthy truth_about truthful tucked_away_in_the unlike_the_photos untrustworthy up-sell* up_front upfront upsell* upselling without_asking_me without_my_consent
    without_my_permission word_is_their`,
  speed: `fast faster quick quickly slow slowly delay* late wait waited waiting prompt* on_time ahead_of_schedule an_hour_for an_hour_late backlog behind_schedule boarding_took bus_came_late
    bus_never_came check-in_took deadline* delayed_flight done_in_a_day done_in_an_hour dragged_its_feet drags_on every_ten_minutes fastest finished_a_day_early finished_early finished_on_time
    flight_late forty_minutes_for half_a_day_waiting half_an_hour_for hardly_any_wait hours_late immediately in_and_out in_five_minutes in_line_for in_no_time in_ten_minutes in_under_an_hour
    instantly late_again late_flight late_train lateness lightning long_line long_lines minutes_late missed_connection missed_my_connection missed_the_deadline no_waiting nonstop_hold
    on_schedule on_the_dot over_an_hour processed_in processed_within processing_time prompt promptly promptness punctual* queued queueing queues queuing quicker quickest ran_late ready_by
    ready_in ready_the_next_day ready_when_promised right_away running_late same_day sat_on_the_tarmac seen_in seen_on_time seen_straight_away seen_within slower slowest speedy stand_in_line
    still_waiting_for stood_in_line straight_away swift swiftly takes_ages takes_forever takes_months takes_weeks taking_forever tarmac took_ages took_forever took_months took_six_weeks
    took_three_months took_three_weeks took_two_weeks train_late turnaround turnaround_time under_an_hour wait_time waiting_list waiting_room_for waiting_time waits weeks_for_a while_i_waited
    while_you_wait within_minutes within_the_hour without_waiting`,
  payment: `payment* card cards account loan mortgage transfer* deposit atm cashback balance billing bill accept_cards accepts_cards account_closed account_frozen account_locked apple_pay approval
    approved_in approved_my approves ate_my_card balance_is balance_wrong bank_card bill_was_wrong bill_wrong billed billed_twice billing_error blocked_card blocked_my_card bonus_never bounced
    card_blocked card_declined card_fraud_team card_machine card_reader card_terminal cards_accepted cash_back cash_machine cash_only cashpoint charged_again charged_me charged_my_card
    charged_twice checkout_fails cheque* chip_and_pin closed_my_account contactless credit_card credit_cards credit_limit credit_score credited currency_exchange debit* debit_card declined
    deposit_not deposits direct_debit direct_debits dont_take_cards double-charged double_charged estimated_bill froze_account froze_my froze_my_account frozen_account google_pay holiday_pay
    iban installment* instalment* instant_transfer invoice* invoiced landed_in_my_account landed_instantly loan_approved loan_refused loan_rejected loans mastercard merchant money_arrived_in
    money_gone money_hasnt_arrived money_landed money_left_my_account money_stuck mortgage* not_paid_us overcharg* overdraft paid_late paid_on_the_dot paid_on_time paid_out payout payouts paypal
    payroll payslip pending pension_payment phantom_charge points_disappeared points_never_credited remittance salary_delayed salary_late standing_order swallowed_my_card swift_transfer
    taken_twice tax_return* took_money_out took_payment_twice took_the_money top-up top_up topped_up transferred_instantly unauthorised_payment unauthorized_charge uncredited visa_card
    wages_late wages_not_paid withdraw* wrong_bill`,
  connection: `wi-fi wifi internet signal coverage connection network roaming broadband data_plan 3g 4g 5g bandwidth bars_of_signal buffering buffers cable_line call_quality connections crackly_line
    cut_off_mid-call cuts_out data_runs_out dead_line dead_spot dead_zone dial_tone disconnect* download_speed drop_outs dropouts dropped_call dropped_calls drops_calls drops_out e-sim esim
    ethernet fiber fibre full_speed gigabit gigs_of_data good_reception hotspot landline latency line_crackles line_is_dead lte mast masts mbps megabits mnp mobile_data modem networks no_bars
    no_signal offline one_bar out_of_range outage outages packet_loss patchy phone_line ping poor_reception reception_bars router signaled signals sim sim_card sip speeds_drop streaming_buffers
    streams_without superfast t-mobile tethering text_messages_dont two_bars unlimited_data upload_speed video_call video_calls_freeze voice_breaks voice_breaks_up voices_break_up vpn`,
  treatment: `treatment diagnos* surgery procedure* appointment* filling tooth teeth prescription* exam acne anaesthe* anesthe* antibiotic* appendix asthma back_on_her_feet back_on_my_feet backache_gone
    biops* birth blood_pressure blood_results blood_test blood_tests braces bruis* caesarean cancer cast_off cataract* check-up checkup checkups chemotherapy cleared_up colonoscop* contraction*
    cough cream_from_the crown crowns ct_scan cure cured cures dentures diabet* didnt_feel_a_thing dosage dose drip eczema enamel endoscop* extraction eye_test eyesight fever fillings flu
    fractur* glasses_prescription gum gums headaches healed healing heals hearing_aid* hurt_like_hell hygienist_found ibuprofen illness* implant* infusion inhaler injected injection* ivf jab
    jabs kitten_recovered labour_ward limp limping lump medication* medicine* medicines midwifery migraine* misdiagnos* missed_the_fracture molar mole mri needle needles neuter* no_pain numbness
    ointment operated operation operation_went pain-free pain_came_back pain_free pain_gone pain_has_gone painkiller* painless* paracetamol physiotherapy pill pills plaster_cast pregnan*
    prescri* rash_cleared recover* recovery_was recuperat* referral rehabilitat* relapse* results_lost right_diagnosis root_canal scalp scan_showed scar scars screening second_opinion
    side_effect* skin_cleared spay* sprain* steroid* stitches_out surgeries surgical swelling swollen symptom* tablets_helped test_results the_pain_is therapies therapy tonsil* toothache treated
    treated_my treating_my treatment* tumor* tumour* ultrasound* undiagnosed unnecessary_tests vaccin* vaccinated vet vet_found vets whitening wisdom_tooth without_pain wormed wound wounds
    wrong_diagnosis x-ray* xray*`,
  appearance: `aesthetic* beautiful_colour beige bright_blue brighter_than burgundy chic classic_look classy color colorful* colors colour* colour_faded colour_is_off coloured crimson cute dark_green
    darker_than dated dated_look deep_red design designer designs different_colour drab dull_grey elegant* eye-catching faded_colours fashionable finish_is_lovely flattering floral frumpy garish
    glitter* glossy good-looking gorgeous* got_compliments hideous* hue hues in_real_life khaki lavender lilac logo look_stunning looks_awful looks_beautiful looks_better looks_cheap
    looks_expensive looks_good looks_great looks_like_the_photo looks_lovely looks_nothing_like looks_premium looks_smart looks_tacky looks_worse lots_of_compliments lovely_colour maroon
    matches_the_curtains matte modern_look more_grey_than navy not_the_colour ornate outdated_look paler_than pattern pattern* photogenic photos_dont_show pink prettier prettiest pretty purple
    rather_than_blue redesign* see-through shade sheen shiny silhouette sleek sparkl* striped stripes stunning* styling stylish* suits_me tacky tacky-looking teal than_in_the_photo
    than_the_picture tint tinted trendy turquoise uglier ugly unfashionable unflattering visually visuals wallpaper wrong_colour`,
  comfort: `aching_back armrest* awkward_to_hold awkward_to_use back_hurts back_pain_after backache backrest* blister blistered blisters bouncy breathable bumpy bumpy_ride burnout chaf* clammy comfier
    comfort* comfy cosy_to_wear couldnt_sleep cramped_seat* cushion* dig_into digs_in duvet* easy_assembly easy_to_assemble easy_to_carry easy_to_clean easy_to_hold easy_to_use ergonomic*
    feels_like_a_cloud feet_ache feet_hurt firm_mattress fits_in_the_hand flexible_hours grip_hurts handle_is handy hard_as_a_board hard_as_rock hard_seats headrest* heavy_on_the_nose
    heavy_to_carry hold_in_hand in_the_hand itch* knee_room kneeroom knees leg_room legroom lightweight like_a_baby like_a_cloud like_wearing_slippers long_shifts lumbar lump_in lumpy mattress*
    micromanag* neck_hurts night_shifts no_lunch_break on_my_feet_all_day overtime pillow* pinch* prickly reclin* rubbed rubbing rubs sagging saggy sags scratchy seat_is_hard shift_pattern
    sleep_like sleepless slept_badly slept_like slept_well smooth_ride snug_and_warm soft_against soft_fabric soft_on_skin soft_to_touch softer softness sore_feet springs_poke springy squeeze*
    squishy stiff_neck strap_digs straps_dig stuffy_cabin sweat sweats sweaty too_firm too_heavy uncomfort* unpaid_overtime user-friendly waistband_digs warm_and_soft wear_all_day weighs
    woke_up_sore work-life working_conditions workload wrist_hurts`,
  performance: `absorbent absorbs acceler* adapter adapters audio autofocus backlight bass batteries battery battery_lasts battery_life beam benchmark* blade blades bleach blender blends bluetooth blurr*
    blurry_photos boils boot_up boots_up brak* brakes brightness camera cameras canon charger charges_fast charges_in charging_time chip cleans_well clear_picture clumps clutch compactflash
    concealer conditioner consumption crisp_picture dead_by_lunch dead_by_noon dehumidifier deodorant descal* detergent* diesel dishwasher* display distort* does_its_job does_the_job drains
    drains_fast drains_in dries drill drills dry_in dvd_player earbud* earphone* economical engine engine_noise fades_in_an_hour fan_noise fast_charging fingerprint flash foundation* frame_rate
    freezer freezes_well fridge fryer fuel fuel_economy gearbox gets_hot gigabytes gps grainy grip half_a_charge handling hdmi headlight* headphone* headset* heater heats heats_up hob
    hold_charge holds_a_charge holds_charge hoover hoovers horsepower hot_in_minutes humidifier insulat* ipod keeps_cold keeps_its_charge keeps_the_rain keeps_time keeps_warm keeps_water_out
    kettle keyboard lacks_power lagg* laggy lasts_all_day lasts_two_days lathers lawnmower leak-proof leaks lens lens_cap limescale lipstick loud_enough loud_motor lumens mascara megapixel* mic
    microphone* mileage miles_per_gallon mixer moistur* moisturiser* mop mops motor mouse_wheel mower mows mpg muffled night_mode nikon noise-cancelling noise_cancelling noisy_fan non-stick
    nonstick oven overheat* pairs_with perfume_lasts petrol photos_come_out picks_up_dust picks_up_hair picture_quality pixelated pixels plenty_of_power powerful_motor printer prints processor
    purifier radiator_gets ram range_of_miles recharg* refresh_rate remote remotes resolution rinse rinses router_box runs_hot sat_nav satnav saw_cuts scanner scans screen screens sensor sensors
    serum shampoo* sharp_picture smudge* sound_quality soundbar sounds_tinny speaker speakers spf spin_cycle ssd stain_remover stains start-up_time steering storage_space stylus suction
    sunscreen suspension* thermostat tinny toaster* toasts torch torque touchpad touchscreen trackpad traction transmission tread treble tripod tumble_dryer tyre tyres usb vacuumed vacuums
    very_noisy_motor volume_control warms washes washing_machine waterproof waterproofing whisk whisper_quiet wipers zoom`,
};
