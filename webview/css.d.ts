/** Style sheets are imported for their effect: the bundler gathers them into dist/dashboard.css. */
declare module '*.css';
