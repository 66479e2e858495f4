package io.millrace.standalone.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The shop's products: popularity by Zipf's law over all, log-normal prices by category. */
final class Catalogue {
    private static final int PRODUCTS = 600;
    private static final double EXPONENT = 0.9;
    private static final double PRICE_SPREAD = 0.6;
    private static final List<String> BRANDS =
            List.of("alder", "birch", "cedar", "dogwood", "elm", "fir", "gorse", "hazel", "ivy", "juniper");

    private record Category(String id, String name, double medianPrice) {}

    private static final List<Category> CATEGORIES = List.of(
            new Category("c1", "electronics.smartphone", 320),
            new Category("c2", "electronics.audio.headphone", 70),
            new Category("c3", "appliances.kitchen.kettle", 35),
            new Category("c4", "computers.notebook", 650),
            new Category("c5", "apparel.shoes", 60),
            new Category("c6", "kids.toys", 18));

    private final List<List<Product>> byCategory = new ArrayList<>();
    private final Zipf popularity = new Zipf(PRODUCTS / CATEGORIES.size(), EXPONENT);

    Catalogue(RandomGenerator random) {
        for (Category category : CATEGORIES) {
            List<Product> products = new ArrayList<>();
            for (int i = 0; i < PRODUCTS / CATEGORIES.size(); i++) {
                double price = category.medianPrice() * Math.exp(PRICE_SPREAD * random.nextGaussian());
                products.add(new Product(
                        "p" + category.id().substring(1) + String.format("%03d", i),
                        category.id(),
                        category.name(),
                        BRANDS.get(random.nextInt(BRANDS.size())),
                        Math.max(1, Math.round(price * 100) / 100.0)));
            }
            byCategory.add(products);
        }
    }

    int categories() {
        return byCategory.size();
    }

    Product draw(int category, RandomGenerator random) {
        return byCategory.get(category).get(popularity.draw(random));
    }
}
