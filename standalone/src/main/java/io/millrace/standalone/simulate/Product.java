package io.millrace.standalone.simulate;

/** One article of the simulated shop. */
record Product(String id, String categoryId, String category, String brand, double price) {}
