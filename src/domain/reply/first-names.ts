/** First names that people in Russian and English texts are called by, in the form of a dictionary. */
const names = `
Александр Александра Алексей Алёна Алина Алиса Алла Анастасия Анатолий Андрей Анжела Анна Антон Антонина Аркадий Арсений
Артём Артур Богдан Борис Вадим Валентин Валентина Валерий Валерия Варвара Василий Василиса Вера Вероника Виктор Виктория
Виталий Владимир Владислав Вячеслав Галина Геннадий Георгий Глеб Григорий Давид Дамир Даниил Данила Дарья Денис Диана
Динара Дмитрий Евгений Евгения Егор Екатерина Елена Елизавета Жанна Захар Зинаида Зоя Иван Игорь Илья Инна Ирина Камила
Карина Кирилл Клавдия Константин Кристина Ксения Лариса Лев Леонид Лидия Лилия Любовь Людмила Маргарита Марат Марина
Мария Марк Матвей Михаил Надежда Наталия Наталья Никита Николай Нина Оксана Олег Олеся Ольга Павел Пётр Полина Раиса
Рамиль Ренат Римма Роман Руслан Рустам Савелий Светлана Святослав Семён Сергей София Софья Станислав Степан Тамара
Татьяна Тимофей Тимур Ульяна Фёдор Эдуард Эльвира Элина Эмма Юлия Юрий Яна Ярослав
Аня Катя Лена Маша Даша Наташа Настя Таня Оля Юля Света Ира Вика Ксюша Лиза Люба Люда Надя Поля Соня Саша Паша Миша Гриша
Дима Вова Володя Коля Серёжа Лёша Алёша Женя Костя Юра Ваня Вася Петя Витя Толя Боря Гоша Слава Рома Федя Стас Влад Макс
Максим Айгуль Азат Гульнара Ильдар Ильнур Асель Айдар Нурлан Ержан Динара Арман Ашот Гаяне Карен Рубен Фарид Зарина Мадина
James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Donald Steven
Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan
Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Jack Dennis Jerry Tyler Aaron Adam Nathan
Henry Peter Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Margaret Sandra
Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy
Angela Anna Brenda Emma Olivia Sophia Hannah Julia Maria Kate Alice Rachel Victoria Ivan Dmitry Sergey Olga Natalia Elena`;

export const firstNames: readonly string[] = names.trim().split(/\s+/);
