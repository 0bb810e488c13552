"""Numbers that the notebooks' prose takes from elsewhere, each with its origin."""

PUBLISHED = {
    "01_elman_sine": {
        "0.76": "20 sin(0.4) ** 2 / 4, held in test_claims.py",
        "0.28": "root mean square of a step of the wave, held in test_claims.py",
        "0.71": "root mean square of a sine: the square root of 1/2",
    },
    "02_summing_rnn": {
        "4.6": "the tutorial's first loss in one run",
        "1.27": "its bias in another run",
        "0.19": "its frame weight there",
        "0.45": "its state weight there",
    },
    "03_char_hihell": {
        "0.23": "2 ln 2 / 6, held in test_exercises.py",
        "0.32": "the floor of bananas, held in test_claims.py",
    },
    "04_sentence_completion": {
        "0.03": "least lead of the GRU over Witten-Bell, held in test_wide.py",
        "0.08": "its greatest lead, there",
        "0.05": "the greatest lead of Kneser-Ney over the GRU, there",
    },
    "was_it_luck": {},
    "remembering_longer": {},
}
