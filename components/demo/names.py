"""Names and towns of the people in the demo's past. All of them are made up."""

FIRST = (
    "Ada Aisha Alan Alba Alice Amara Amir Anders Anna Arlo Bea Ben Bridget Callum Carmen Cath Chidi Clara Conor Dana Daniel Deepa "
    "Della Dora Edie Eilidh Elena Eli Emeka Emma Esme Ethan Eve Faith Farah Felix Fern Fiona Frank Freya Gareth Gita Grace "
    "Gwen Hana Harriet Hugo Ida Imran Ines Isla Ivo Jack Jade James Jana Jo Jonas Josie Jude June Kara Kate Keir Kit Kofi Lara "
    "Leila Leo Lila Liv Lorna Louis Lucia Mabel Magnus Marek Mari Martha Max Meera Megan Mina Morag Nadia Naomi Ned Nell Nia Niamh "
    "Nico Nina Noel Olga Olive Omar Oona Orla Oscar Otto Owen Pat Pearl Petra Pia Priya Rafi Rania Ravi Rhys Rita Rob Rosa Rowan "
    "Ruth Sadie Safia Saoirse Sean Selma Shona Sian Silas Sonia Stella Sunil Suki Tara Tess Theda Tilda Tom Una Uma Vera Vikram "
    "Viola Will Willa Wren Xenia Yara Yusuf Zadie Zoe"
).split()

LAST = (
    "Abara Adair Ahmed Archer Ashby Bain Barrow Bell Birch Blake Bond Brook Burns Byrne Calder Carr Chandra Clay Cole Craig Crane "
    "Croft Dale Darby Das Dean Doyle Drummond Dunn Eades Ellis Evans Fairley Farrow Finch Fox Frost Gale Garside Gill Glass Grant "
    "Green Gupta Hale Hall Hardy Hart Hayes Heath Hill Hobbs Holt Hughes Hunt Iqbal Irving Jarvis Jones Kaur Keane Kemp Khan King Knox "
    "Lamb Lane Lark Law Lee Lock Lowe Lund Marsh Mason Mehta Mercer Miller Moon Moss Nash Neale Nolan North Oakes Okoye Owens "
    "Park Patel Peake Penn Perry Pike Platt Pryce Quill Rae Rao Reed Reid Rhodes Rook Ross Rowe Ryan Sage Sands Sato Shah Shaw Silva "
    "Sloan Stone Swift Tait Tan Teller Thorn Todd Vale Vance Wade Walsh Ward Webb Wells West Weston White Wilde Wood Wren Yates Young"
).split()

TOWNS = (
    ("Leeds", "LS6 2AB", "Cardigan Road"), ("Bristol", "BS6 5QT", "Cotham Hill"), ("Manchester", "M21 9WQ", "Beech Road"),
    ("London", "E8 3PH", "Broadway Market"), ("London", "SE15 4RB", "Bellenden Road"), ("London", "N16 0AS", "Church Street"),
    ("Edinburgh", "EH6 8RR", "Constitution Street"), ("Glasgow", "G12 8TS", "Byres Road"), ("Sheffield", "S7 1FS", "Abbeydale Road"),
    ("Brighton", "BN1 4AL", "North Road"), ("Cardiff", "CF11 9LL", "Pontcanna Street"), ("Norwich", "NR2 3AB", "Unthank Road"),
    ("York", "YO23 1JH", "Bishopthorpe Road"), ("Totnes", "TQ9 5RY", "Fore Street"), ("Hebden Bridge", "HX7 8AF", "Market Street"),
    ("Falmouth", "TR11 3DX", "Church Street"), ("Oxford", "OX4 1XH", "Cowley Road"), ("Lewes", "BN7 2DD", "Cliffe High Street"),
    ("Belfast", "BT9 6AF", "Botanic Avenue"), ("Newcastle upon Tyne", "NE6 5LP", "Heaton Road"), ("Stroud", "GL5 1AA", "George Street"),
    ("Cambridge", "CB1 3NF", "Mill Road"),
)  # fmt: skip
